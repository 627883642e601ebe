-- title: Votes per minute
-- description: How many votes were cast in each stretch of time, those without any too.
-- parameters:
--   every: { type: integer, minimum: 1, default: 60, description: Length of a stretch in seconds }
WITH votes AS (
  SELECT epoch_ms(window_start) // ($every::BIGINT * 1000) AS stretch, sum(votes)::BIGINT AS votes
  FROM votes_by_window
  GROUP BY stretch
), stretches AS (
  SELECT unnest(range(min(stretch), max(stretch) + 1)) AS stretch FROM votes
)
SELECT make_timestamp(stretch * $every::BIGINT * 1000000) AS start, coalesce(votes, 0) AS votes
FROM stretches LEFT JOIN votes USING (stretch)
ORDER BY start
