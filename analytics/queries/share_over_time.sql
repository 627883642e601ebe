-- title: Share over time
-- description: Each candidate's votes in each stretch of time, and her votes and share of all votes until its end; from when more than a thousandth of all votes was cast.
-- parameters:
--   every: { type: integer, minimum: 1, default: 60, description: Length of a stretch in seconds }
WITH votes AS (
  SELECT epoch_ms(window_start) // ($every::BIGINT * 1000) AS stretch, candidate_id, sum(votes) AS votes
  FROM votes_by_window
  GROUP BY stretch, candidate_id
), running AS (
  SELECT stretch, sum(sum(votes)) OVER (ORDER BY stretch) AS total, sum(sum(votes)) OVER () AS whole
  FROM votes
  GROUP BY stretch
), span AS (
  -- As the charts: a vote that says it is of the year 2000 would make millions. An answer has 10,000 rows at most.
  SELECT min(stretch) AS begins, least(max(stretch), min(stretch) + 10000) AS ends
  FROM running WHERE total * 1000 > whole
), stretches AS (
  SELECT unnest(range(begins, ends + 1)) AS stretch FROM span
), earlier AS (
  SELECT candidate_id, sum(votes) AS votes_before FROM votes JOIN span ON stretch < begins GROUP BY candidate_id
), totals AS (
  SELECT stretch, candidate_id, candidate_name, coalesce(votes, 0)::BIGINT AS votes,
         (coalesce(votes_before, 0) +
          sum(coalesce(votes, 0)) OVER (PARTITION BY candidate_id ORDER BY stretch))::BIGINT AS total
  FROM stretches CROSS JOIN candidates LEFT JOIN votes USING (stretch, candidate_id)
       LEFT JOIN earlier USING (candidate_id)
)
SELECT make_timestamp((stretch + 1) * $every::BIGINT * 1000000) AS "at", candidate_id, candidate_name,
       total AS total_votes, round(total / sum(total) OVER (PARTITION BY stretch), 4) AS share, votes
FROM totals
ORDER BY "at", total_votes DESC, candidate_id
