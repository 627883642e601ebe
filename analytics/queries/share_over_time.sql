-- title: Share over time
-- description: Each candidate's votes in each stretch of time, and her votes and share of all votes until its end.
-- parameters:
--   every: { type: integer, minimum: 1, default: 60, description: Length of a stretch in seconds }
WITH votes AS (
  SELECT epoch_ms(window_start) // ($every::BIGINT * 1000) AS stretch, candidate_id, sum(votes) AS votes
  FROM votes_by_window
  GROUP BY stretch, candidate_id
), stretches AS (
  SELECT unnest(range(min(stretch), max(stretch) + 1)) AS stretch FROM votes
), totals AS (
  SELECT stretch, candidate_id, candidate_name, coalesce(votes, 0)::BIGINT AS votes,
         sum(coalesce(votes, 0)) OVER (PARTITION BY candidate_id ORDER BY stretch)::BIGINT AS total
  FROM stretches CROSS JOIN candidates LEFT JOIN votes USING (stretch, candidate_id)
)
SELECT make_timestamp((stretch + 1) * $every::BIGINT * 1000000) AS "at", candidate_id, candidate_name,
       total AS total_votes, round(total / sum(total) OVER (PARTITION BY stretch), 4) AS share, votes
FROM totals
ORDER BY "at", total_votes DESC, candidate_id
