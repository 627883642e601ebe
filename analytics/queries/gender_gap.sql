-- title: Gender gap
-- description: Each candidate's share among women and among men, and the difference in points of a hundred.
WITH votes AS (
  SELECT candidate_id,
         coalesce(sum(votes) FILTER (gender = 'female'), 0)::BIGINT AS votes_of_women,
         coalesce(sum(votes) FILTER (gender = 'male'), 0)::BIGINT AS votes_of_men
  FROM votes_by_window
  GROUP BY candidate_id
), shares AS (
  SELECT *, votes_of_women / nullif(sum(votes_of_women) OVER (), 0) AS among_women,
         votes_of_men / nullif(sum(votes_of_men) OVER (), 0) AS among_men
  FROM votes
)
SELECT candidate_id, candidate_name, votes_of_women, votes_of_men,
       round(among_women, 4) AS share_among_women, round(among_men, 4) AS share_among_men,
       round((among_women - among_men) * 100, 2) AS gap_points
FROM shares JOIN candidates USING (candidate_id)
ORDER BY gap_points DESC NULLS LAST, candidate_id
