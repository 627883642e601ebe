-- title: Turnout by state
-- description: Votes, registered voters and turnout of each state, the highest turnout first.
SELECT state, "count" AS votes, voters, turnout
FROM turnout_by_location
ORDER BY turnout DESC, state
