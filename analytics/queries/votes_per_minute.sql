-- title: Votes per minute
-- description: How many votes were cast in each stretch of time, those without any too; from when more than a thousandth of all votes was cast.
-- parameters:
--   every: { type: integer, minimum: 1, default: 60, description: Length of a stretch in seconds }
WITH votes AS (
  SELECT epoch_ms(window_start) // ($every::BIGINT * 1000) AS stretch, sum(votes)::BIGINT AS votes
  FROM votes_by_window
  GROUP BY stretch
), running AS (
  SELECT stretch, sum(votes) OVER (ORDER BY stretch) AS total, sum(votes) OVER () AS whole FROM votes
), stretches AS (
  -- As the charts: a vote that says it is of the year 2000 would make millions. An answer has 10,000 rows at most.
  SELECT unnest(range(min(stretch), least(max(stretch), min(stretch) + 10000) + 1)) AS stretch
  FROM running WHERE total * 1000 > whole
)
SELECT make_timestamp(stretch * $every::BIGINT * 1000000) AS start, coalesce(votes, 0) AS votes
FROM stretches LEFT JOIN votes USING (stretch)
ORDER BY start
