-- title: Results by age
-- description: Each candidate's votes and share in each age band.
SELECT age_band, candidate_id, candidate_name, sum(votes)::BIGINT AS votes,
       round(sum(votes) / sum(sum(votes)) OVER (PARTITION BY age_band), 4) AS share
FROM votes_by_window JOIN candidates USING (candidate_id)
GROUP BY age_band, candidate_id, candidate_name
ORDER BY CASE age_band WHEN 'under 18' THEN '' ELSE age_band END, votes DESC, candidate_id
