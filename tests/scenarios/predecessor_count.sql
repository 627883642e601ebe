-- The count, from CONTRACT.md §5 alone, over what kcat reads back.
--
-- Given: the variables dump (a file of kcat's JSON lines), prefix (of the topics' names), homes (a topic that holds
-- every key once, put where kcat's own partitioner puts it), opens_ms and grace_ms.
-- Made: rejection(topic, reason, records), vote, voter, candidate, and the views at the end.

CREATE TABLE raw AS
SELECT CASE topic WHEN getvariable('homes') THEN 'homes' ELSE topic[length(getvariable('prefix')) + 1:] END AS topic,
  partition, "offset" AS position, ts, key, payload
FROM read_ndjson(getvariable('dump'), maximum_object_size = 4194304, columns = {
  topic: 'VARCHAR', partition: 'INTEGER', "offset": 'BIGINT', ts: 'BIGINT', key: 'VARCHAR', payload: 'VARCHAR'
});

CREATE TABLE home AS SELECT DISTINCT key, partition FROM raw WHERE topic = 'homes';

-- '2026-05-07 07:00:00' is UTC; 'T' asks for Z or an offset. A date that no calendar has is no time.
CREATE MACRO utc_ms(day, clock) AS epoch_ms(try_cast(day || ' ' || clock AS TIMESTAMP));
CREATE MACRO event_ms(text) AS CASE
  WHEN regexp_full_match(text, '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d') THEN utc_ms(text[1:10], text[12:19])
  WHEN regexp_full_match(text, '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)') THEN
    utc_ms(text[1:10], text[12:19])
    + (regexp_extract(text, '\.(\d+)', 1) || '000')[1:3]::INTEGER
    - CASE WHEN text LIKE '%Z' THEN 0 ELSE
        (text[-6] || '1')::INTEGER * (text[-5:-4]::INTEGER * 60 + text[-2:]::INTEGER) * 60000
      END
END;

-- `json` is null where the value is none. Two kinds of it SQL knows by their keys only: broken UTF-8 (kcat's
-- output has U+FFFD there), and what DuckDB's parser takes though JSON forbids it (trailing commas, NaN).
CREATE TABLE parsed AS
SELECT * EXCLUDE (json, fields),
  json,
  fields[1] AS voter, fields[2] AS candidate, fields[3] AS votes, fields[4] AS voting_time,
  fields[5] AS state, fields[6] AS candidate_name, fields[7] AS party_affiliation
FROM (
  SELECT *, json_extract(json, [
    '$.voter_id', '$.candidate_id', '$.vote', '$.voting_time', '$.address.state', '$.candidate_name',
    '$.party_affiliation'
  ]) AS fields
  FROM (
    SELECT *, CASE
      WHEN key LIKE 'lossy-value-%' OR key LIKE 'lax-%' THEN NULL
      WHEN key LIKE 'lossy-id-%' THEN replace(payload, '\ud800', '')::JSON
      WHEN strlen(payload) <= 65536 AND json_valid(payload) THEN payload::JSON
    END AS json
    FROM raw WHERE topic <> 'homes'
  )
);

CREATE MACRO is_absent(value) AS coalesce(json_type(value), 'NULL') = 'NULL';
CREATE MACRO is_id(value) AS json_type(value) = 'VARCHAR' AND length(value->>'$') BETWEEN 1 AND 128;
CREATE MACRO is_one(value) AS
  json_type(value) IN ('UBIGINT', 'BIGINT', 'DOUBLE') AND try_cast(value->>'$' AS DOUBLE) = 1;

CREATE TABLE judged AS
SELECT parsed.*,
  CASE WHEN topic = 'candidates_topic' THEN candidate ELSE voter END->>'$' AS id,
  CASE
    WHEN payload IS NULL THEN 'tombstone'
    WHEN strlen(payload) > 65536 THEN 'too_large'
    WHEN parsed.key IS NULL OR parsed.key = '' THEN 'no_key'
    WHEN json IS NULL THEN 'bad_json'
    WHEN topic <> 'candidates_topic' AND is_absent(voter) THEN 'no_voter_id'
    WHEN topic <> 'voters_topic' AND is_absent(candidate) THEN 'no_candidate_id'
    WHEN topic <> 'candidates_topic' AND NOT is_id(voter) THEN 'wrong_type'
    WHEN topic <> 'voters_topic' AND NOT is_id(candidate) THEN 'wrong_type'
    WHEN topic = 'votes_topic' AND votes IS NOT NULL AND NOT is_one(votes) THEN 'wrong_type'
    -- A half surrogate is no character; its key is all that tells it here.
    WHEN parsed.key LIKE 'lossy-id-%' THEN 'wrong_type'
    WHEN parsed.key <> id OR parsed.key LIKE 'lossy-key-%' THEN 'key_mismatch'
    WHEN topic <> 'candidates_topic' AND parsed.partition <> home.partition THEN 'wrong_partition'
    WHEN topic = 'votes_topic' AND ts < getvariable('opens_ms') THEN 'not_open'
  END AS reason
FROM parsed LEFT JOIN home ON home.key = parsed.key;

CREATE TABLE rejection AS
SELECT topic, reason, count(*) AS records FROM judged WHERE reason IS NOT NULL GROUP BY ALL;

-- The first of an id accredits. A voter's records are all in one partition: the others were rejected above.
CREATE TABLE candidate AS
SELECT id AS candidate_id, arg_min(candidate_name->>'$', position) AS candidate_name,
  arg_min(party_affiliation->>'$', position) AS party_affiliation
FROM judged WHERE topic = 'candidates_topic' AND reason IS NULL GROUP BY id;

CREATE MACRO place(value) AS
  regexp_replace(nfc_normalize(value->>'$'), '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g');
CREATE TABLE voter AS
SELECT id AS voter_id,
  CASE WHEN json_type(state) = 'VARCHAR' AND length(place(state)) BETWEEN 1 AND 64
    THEN place(state) ELSE 'unknown' END AS state
FROM judged WHERE topic = 'voters_topic' AND reason IS NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY position) = 1;

CREATE TABLE vote AS
WITH timed AS (
  SELECT id AS voter_id, candidate->>'$' AS candidate_id, partition, position, ts,
    CASE WHEN json_type(voting_time) = 'VARCHAR' THEN event_ms(voting_time->>'$') END AS written_ms
  FROM judged WHERE topic = 'votes_topic' AND reason IS NULL
), placed AS (
  SELECT *, CASE
    WHEN written_ms >= epoch_ms(TIMESTAMP '2000-01-01') AND written_ms <= ts + 300000 THEN written_ms
    ELSE ts
  END AS event_ms
  FROM timed
), ordered AS (
  SELECT *,
    row_number() OVER (PARTITION BY voter_id ORDER BY position) = 1 AS is_first,
    max(event_ms) OVER (
      PARTITION BY partition ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS greatest_ms
  FROM placed
)
SELECT ordered.*, voter.state,
  is_first AND voter.voter_id IS NOT NULL AND candidate.candidate_id IS NOT NULL AS is_counted,
  coalesce(event_ms < greatest_ms - getvariable('grace_ms'), false) AS is_late
FROM ordered LEFT JOIN voter USING (voter_id) LEFT JOIN candidate USING (candidate_id);

CREATE VIEW totals AS
SELECT
  (SELECT count(*) FROM voter)::INTEGER AS voters,
  (SELECT count(*) FROM candidate)::INTEGER AS candidates,
  count(*) FILTER (is_counted)::INTEGER AS votes,
  count(*) FILTER (is_counted AND is_late)::INTEGER AS late,
  count(*) FILTER (NOT is_first)::INTEGER AS duplicates,
  count(*) FILTER (is_first AND NOT is_counted)::INTEGER AS waiting,
  (SELECT sum(records) FROM rejection WHERE topic = 'votes_topic')::INTEGER AS rejected
FROM vote;

CREATE VIEW votes_per_candidate AS
SELECT candidate_id, candidate_name, party_affiliation, count(vote.voter_id)::INTEGER AS total_votes
FROM candidate LEFT JOIN (FROM vote WHERE is_counted) AS vote USING (candidate_id)
GROUP BY ALL ORDER BY total_votes DESC, candidate_id;

CREATE VIEW locations AS
SELECT voter.state, count(vote.voter_id)::INTEGER AS count, count(*)::INTEGER AS voters
FROM voter LEFT JOIN (FROM vote WHERE is_counted) AS vote USING (voter_id)
GROUP BY voter.state ORDER BY encode(voter.state);

CREATE VIEW rejections AS SELECT topic, reason, records::INTEGER AS records FROM rejection ORDER BY ALL;

-- Of every partition that has one, the least.
CREATE VIEW watermark AS
SELECT min(greatest)::BIGINT - getvariable('grace_ms') AS ms
FROM (SELECT max(event_ms) AS greatest FROM vote GROUP BY partition);

CREATE VIEW next_offsets AS
SELECT topic, partition, (max(position) + 1)::INTEGER AS next
FROM raw WHERE topic <> 'homes' GROUP BY ALL ORDER BY ALL;
