-- title: What if only the younger had voted
-- description: The result of the votes of age bands below an age, beside the real one; votes of unknown age are left out.
-- parameters:
--   age: { type: integer, minimum: 18, default: 30, description: "The age: 18, 25, 30, 40, 50, 60 or 70" }
WITH young AS (
  SELECT candidate_id, sum(votes)::BIGINT AS votes
  FROM votes_by_window
  WHERE CASE age_band
          WHEN 'under 18' THEN 18 WHEN '18–24' THEN 25 WHEN '25–29' THEN 30 WHEN '30–39' THEN 40
          WHEN '40–49' THEN 50 WHEN '50–59' THEN 60 WHEN '60–69' THEN 70
        END <= $age
  GROUP BY candidate_id
)
SELECT candidate_id, candidate_name, coalesce(votes, 0) AS votes,
       round(coalesce(votes, 0) / nullif(sum(votes) OVER (), 0), 4) AS share,
       total_votes AS real_votes, share AS real_share
FROM results LEFT JOIN young USING (candidate_id)
ORDER BY votes DESC, candidate_id
