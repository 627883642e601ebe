-- title: Closest states
-- description: Where the first and the second are nearest to one another, by their margin's share of the votes there.
-- parameters:
--   top: { type: integer, minimum: 1, default: 10, description: How many states }
WITH votes AS (
  SELECT state, candidate_id, sum(votes)::BIGINT AS votes FROM votes_by_window GROUP BY state, candidate_id
), places AS (
  SELECT state, candidate_name, votes, sum(votes) OVER (PARTITION BY state)::BIGINT AS all_votes,
         row_number() OVER (PARTITION BY state ORDER BY votes DESC, candidate_id) AS place
  FROM votes JOIN candidates USING (candidate_id)
), margins AS (
  SELECT state, max(candidate_name) FILTER (place = 1) AS leader, max(candidate_name) FILTER (place = 2) AS second,
         max(votes) FILTER (place = 1) - coalesce(max(votes) FILTER (place = 2), 0) AS margin,
         max(all_votes) AS votes
  FROM places
  GROUP BY state
)
SELECT state, leader, second, margin, votes, round(margin / votes, 4) AS margin_share
FROM margins
QUALIFY row_number() OVER (ORDER BY margin / votes, state) <= $top
ORDER BY margin_share, state
