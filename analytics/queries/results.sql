-- title: Results
-- description: Each candidate's votes and share of all votes.
SELECT candidate_id, candidate_name, party_affiliation, total_votes, share
FROM results
ORDER BY total_votes DESC, candidate_id
