-- title: Late votes by window
-- description: The windows that late votes have revised, with all their votes and those of the revised groups among them.
SELECT window_start, window_end, sum(votes)::BIGINT AS votes,
       count(*) FILTER (revised) AS revised_groups, sum(votes) FILTER (revised)::BIGINT AS votes_in_revised_groups
FROM votes_by_window
GROUP BY window_start, window_end
HAVING bool_or(revised)
ORDER BY window_start
