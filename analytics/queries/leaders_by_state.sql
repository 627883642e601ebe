-- title: Leaders by state
-- description: Who leads in each state and by how many votes, with its turnout; nobody where the first place is tied.
WITH votes AS (
  SELECT state, candidate_id, sum(votes)::BIGINT AS votes FROM votes_by_window GROUP BY state, candidate_id
), places AS (
  SELECT state, candidate_name, votes, row_number() OVER (PARTITION BY state ORDER BY votes DESC, candidate_id) AS place
  FROM votes JOIN candidates USING (candidate_id)
), margins AS (
  SELECT state, max(candidate_name) FILTER (place = 1) AS first, sum(votes)::BIGINT AS votes,
         (max(votes) FILTER (place = 1) - coalesce(max(votes) FILTER (place = 2), 0))::BIGINT AS margin
  FROM places
  GROUP BY state
), registered AS (
  SELECT state, sum(voters)::BIGINT AS voters FROM voters_by_group GROUP BY state
)
SELECT state, voters, coalesce(votes, 0) AS votes, round(coalesce(votes, 0) / voters, 4) AS turnout,
       CASE WHEN margin > 0 THEN first END AS leader, coalesce(margin, 0) AS margin
FROM registered LEFT JOIN margins USING (state)
ORDER BY state
