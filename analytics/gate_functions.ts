/**
 * The functions that analysts' SQL may call, reviewed one by one: what isn't here is refused.
 *
 * Left out on purpose: whatever reads files, settings, the catalog or the session; whatever isn't the same each time
 * it is asked (clocks, random numbers, samples), as an answer is known by its question and version; text functions
 * that stop neither at an interrupt nor at a limit of memory and that nobody needs here (edit distances, like_escape);
 * JSON, VARIANT and geometry, as no table holds any.
 * @module
 */

const words = (text: string) => text.trim().split(/\s+/);

const OPERATORS = words(`
  + - * / // % ** ^ || & | << >> ~ !__postfix @ ^@ @> <@ &&
`);

/** Their pattern has to be a constant, as one that is made by the query can be made to overflow the stack. */
export const PATTERN_FUNCTIONS: ReadonlySet<string> = new Set(words(`
  ~~ !~~ ~~* !~~* ~~~
  regexp_matches regexp_full_match regexp_extract regexp_extract_all regexp_replace
  regexp_split_to_array string_split_regex str_split_regex
`));

/** They call an aggregate by its name, a text, which has to be one of those below. */
export const AGGREGATING_FUNCTIONS: ReadonlySet<string> = new Set(words(`
  aggregate array_aggr array_aggregate list_aggr list_aggregate
`));

/** They take a lambda, as their second argument. */
export const LAMBDA_FUNCTIONS: ReadonlySet<string> = new Set(words(`
  apply array_apply array_filter array_transform filter list_apply list_filter list_transform
`));

const NUMBERS = words(`
  abs add acos asin atan atan2 bit_count cbrt ceil ceiling cos cot degrees divide even exp fdiv floor fmod
  gcd greatest greatest_common_divisor isfinite isinf isnan lcm least least_common_multiple ln log log10 log2
  mod multiply pi pow power radians round round_even roundbankers sign signbit sin sqrt subtract tan trunc xor
 
`);

const TEXTS = words(`
  ascii bar char_length character_length chr concat concat_ws contains ends_with format format_bytes
  formatReadableDecimalSize formatReadableSize hash hex instr lcase left len length lower lpad ltrim md5 ord
  position prefix printf regexp_escape repeat replace reverse right rpad rtrim sha256 split split_part
  starts_with str_split string_split string_to_array strlen strpos substr substring suffix to_hex translate trim
  ucase unicode upper
`);

const TIMES = words(`
  age century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname
  dayofmonth dayofweek dayofyear days_in_month decade epoch epoch_ms epoch_ns epoch_us era hour isodow isoyear
  julian last_day make_date make_time make_timestamp make_timestamp_ms make_timestamptz microsecond
  millennium millisecond minute month monthname normalized_interval quarter second strftime strptime time_bucket
  timezone timezone_hour timezone_minute to_centuries to_days to_decades to_hours to_microseconds to_milliseconds
  to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years try_strptime week weekday weekofyear
  year yearweek
`);

const NESTED = words(`
  aggregate apply array_agg array_append array_apply array_cat array_concat array_contains array_distinct
  array_extract array_filter array_has array_has_all array_has_any array_indexof array_intersect array_length
  array_position array_prepend array_reverse array_reverse_sort array_slice array_sort array_to_string
  array_transform array_unique array_value array_zip cardinality element_at filter flatten generate_series
  list_aggr list_aggregate list_any_value list_append list_apply list_avg list_cat list_concat list_contains
  list_count list_distinct list_element list_extract list_filter list_first list_has list_has_all list_has_any
  list_indexof list_intersect list_last list_max list_median list_min list_pack list_position list_prepend
  list_reverse list_reverse_sort list_slice list_sort list_string_agg list_sum list_transform list_unique
  list_value list_zip map map_concat map_contains map_entries map_extract map_extract_value map_from_entries
  map_keys map_values range row struct_extract struct_extract_at struct_insert struct_pack struct_keys
  struct_values unnest
`);

const CHOICES = words(`coalesce constant_or_null ifnull nullif typeof`);

const AGGREGATES = words(`
  any_value approx_count_distinct approx_quantile arbitrary arg_max arg_max_null arg_min arg_min_null argmax
  argmin avg bit_and bit_or bit_xor bool_and bool_or corr count count_if count_star countif covar_pop covar_samp
  entropy favg first fsum geomean geometric_mean group_concat grouping histogram kahan_sum kurtosis kurtosis_pop
  last list listagg mad max max_by mean median min min_by mode product quantile quantile_cont quantile_disc
  regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev
  stddev_pop stddev_samp string_agg sum sumkahan var_pop var_samp variance wavg weighted_avg
`);

const WINDOWS = words(`
  cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense row_number
`);

/** Functions and operators, in lower case. */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  [OPERATORS, [...PATTERN_FUNCTIONS], NUMBERS, TEXTS, TIMES, NESTED, CHOICES, AGGREGATES, WINDOWS].flat()
    .map((name) => name.toLowerCase()),
);

/** Functions that stand where a table does. */
export const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(["range", "generate_series", "unnest"]);

/** Words that DuckDB reads as a call where no column has their name: of the clock and the session. */
export const KEYWORD_FUNCTIONS: ReadonlySet<string> = new Set(words(`
  current_catalog current_database current_date current_localtime current_localtimestamp current_role
  current_schema current_time current_timestamp current_user localtime localtimestamp session_user user
`));

/** What a value may be cast to. */
export const CAST_TYPES: ReadonlySet<string> = new Set([
  ...words(`
    ARRAY BIGINT BLOB BOOLEAN DATE DECIMAL DOUBLE FLOAT HUGEINT INTEGER INTERVAL LIST MAP SMALLINT STRUCT TIME
    TIMESTAMP TIMESTAMP_MS TIMESTAMP_NS TIMESTAMP_S TINYINT UBIGINT UHUGEINT UINTEGER USMALLINT UTINYINT UUID
    VARCHAR
  `),
  "TIMESTAMP WITH TIME ZONE",
]);
