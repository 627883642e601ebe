-- title: Turnout by gender
-- description: Votes, registered voters and turnout of each gender.
WITH cast_votes AS (
  SELECT gender, sum(votes)::BIGINT AS votes FROM votes_by_window GROUP BY gender
), registered AS (
  SELECT gender, sum(voters)::BIGINT AS voters FROM voters_by_group GROUP BY gender
)
SELECT gender, coalesce(votes, 0) AS votes, voters, round(coalesce(votes, 0) / voters, 4) AS turnout
FROM registered LEFT JOIN cast_votes USING (gender)
ORDER BY gender
