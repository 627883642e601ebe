-- title: Turnout by age
-- description: Votes, registered voters and turnout of each age band.
WITH cast_votes AS (
  SELECT age_band, sum(votes)::BIGINT AS votes FROM votes_by_window GROUP BY age_band
), registered AS (
  SELECT age_band, sum(voters)::BIGINT AS voters FROM voters_by_group GROUP BY age_band
)
SELECT age_band, coalesce(votes, 0) AS votes, voters, round(coalesce(votes, 0) / voters, 4) AS turnout
FROM registered LEFT JOIN cast_votes USING (age_band)
ORDER BY CASE age_band WHEN 'under 18' THEN '' ELSE age_band END
