-- title: Results by state
-- description: Each candidate's votes and share in each state, or in one.
-- parameters:
--   state: { type: text, default: null, description: One state; left out all of them }
SELECT state, candidate_id, candidate_name, sum(votes)::BIGINT AS votes,
       round(sum(votes) / sum(sum(votes)) OVER (PARTITION BY state), 4) AS share
FROM votes_by_window JOIN candidates USING (candidate_id)
WHERE state = coalesce($state, state)
GROUP BY state, candidate_id, candidate_name
ORDER BY state, votes DESC, candidate_id
