-- title: Swing between two times
-- description: Each candidate's share of the votes cast until one time and until a later one, and the difference in points of a hundred.
-- parameters:
--   from: { type: time, default: null, description: The first time; left out halfway through the voting so far }
--   to: { type: time, default: null, description: The second time; left out now }
WITH running AS (
  SELECT window_start, window_end,
         sum(sum(votes)) OVER (ORDER BY window_start) AS total, sum(sum(votes)) OVER () AS whole
  FROM votes_by_window
  GROUP BY window_start, window_end
), bounds AS (
  SELECT coalesce($from::TIMESTAMP, min(window_start) + (max(window_end) - min(window_start)) / 2) AS first_time,
         coalesce($to::TIMESTAMP, max(window_end)) AS second_time
  FROM running WHERE total * 1000 > whole -- as the charts: one vote of long ago would move the half
), totals AS (
  SELECT candidate_id,
         coalesce(sum(votes) FILTER (window_end <= first_time), 0)::BIGINT AS votes_before,
         coalesce(sum(votes) FILTER (window_end <= second_time), 0)::BIGINT AS votes_after
  FROM votes_by_window CROSS JOIN bounds
  GROUP BY candidate_id
), shares AS (
  SELECT candidate_id, coalesce(votes_before, 0) AS votes_before, coalesce(votes_after, 0) AS votes_after,
         coalesce(votes_before, 0) / nullif(sum(votes_before) OVER (), 0) AS share_before,
         coalesce(votes_after, 0) / nullif(sum(votes_after) OVER (), 0) AS share_after
  FROM candidates LEFT JOIN totals USING (candidate_id)
)
SELECT candidate_id, candidate_name, votes_before, votes_after,
       round(share_before, 4) AS share_before, round(share_after, 4) AS share_after,
       round((share_after - share_before) * 100, 2) AS swing_points
FROM shares JOIN candidates USING (candidate_id)
ORDER BY swing_points DESC NULLS LAST, candidate_id
