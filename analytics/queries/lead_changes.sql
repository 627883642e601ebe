-- title: Lead changes
-- description: When somebody else took the lead, by windows that are closed, and by how many votes.
SELECT "at", candidate_id, candidate_name, party_affiliation, margin
FROM lead_changes LEFT JOIN candidates USING (candidate_id)
ORDER BY "at"
