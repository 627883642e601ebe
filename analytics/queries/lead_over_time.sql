-- title: Lead over time
-- description: Who was ahead at the end of each stretch of time, of whom, and by how many votes.
-- parameters:
--   every: { type: integer, minimum: 1, default: 60, description: Length of a stretch in seconds }
WITH votes AS (
  SELECT epoch_ms(window_start) // ($every::BIGINT * 1000) AS stretch, candidate_id, sum(votes) AS votes
  FROM votes_by_window
  GROUP BY stretch, candidate_id
), stretches AS (
  SELECT unnest(range(min(stretch), max(stretch) + 1)) AS stretch FROM votes
), totals AS (
  SELECT stretch, candidate_id, candidate_name,
         sum(coalesce(votes, 0)) OVER (PARTITION BY candidate_id ORDER BY stretch)::BIGINT AS total
  FROM stretches CROSS JOIN candidates LEFT JOIN votes USING (stretch, candidate_id)
), places AS (
  SELECT *, row_number() OVER (PARTITION BY stretch ORDER BY total DESC, candidate_id) AS place FROM totals
)
SELECT make_timestamp((stretch + 1) * $every::BIGINT * 1000000) AS "at",
       max(candidate_name) FILTER (place = 1) AS leader,
       max(candidate_name) FILTER (place = 2) AS second,
       max(total) FILTER (place = 1) AS votes,
       max(total) FILTER (place = 1) - coalesce(max(total) FILTER (place = 2), 0) AS margin
FROM places
GROUP BY stretch
ORDER BY "at"
