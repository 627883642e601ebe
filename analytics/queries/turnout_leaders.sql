-- title: Turnout leaders
-- description: The groups of one state, age band and gender that vote most, of those that have enough voters.
-- parameters:
--   voters: { type: integer, minimum: 1, default: 20, description: Registered voters that a group has at least }
--   top: { type: integer, minimum: 1, default: 20, description: How many groups }
WITH cast_votes AS (
  SELECT state, age_band, gender, sum(votes)::BIGINT AS votes
  FROM votes_by_window
  GROUP BY state, age_band, gender
)
SELECT state, age_band, gender, coalesce(votes, 0) AS votes, voters,
       round(coalesce(votes, 0) / voters, 4) AS turnout
FROM voters_by_group LEFT JOIN cast_votes USING (state, age_band, gender)
WHERE voters >= $voters
QUALIFY row_number() OVER (ORDER BY votes / voters DESC NULLS LAST, state, age_band, gender) <= $top
ORDER BY turnout DESC, state, age_band, gender
