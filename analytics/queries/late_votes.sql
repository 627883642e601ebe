-- title: Late votes by window
-- description: The windows that late votes have revised, with all their votes and those of the revised groups among them.
WITH cells AS (
  -- Only of these windows, as adding up every cell of a big election takes more memory than a query has.
  SELECT window_start, window_end, sum(votes)::BIGINT AS votes, bool_or(revised) AS revised
  FROM votes_by_window
  WHERE window_start IN (SELECT window_start FROM votes_by_window WHERE revised)
  GROUP BY window_start, window_end, candidate_id, state, age_band, gender
)
SELECT window_start, window_end, sum(votes)::BIGINT AS votes,
       count(*) FILTER (revised) AS revised_groups, sum(votes) FILTER (revised)::BIGINT AS votes_in_revised_groups
FROM cells
GROUP BY window_start, window_end
ORDER BY window_start
