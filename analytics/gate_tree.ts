/**
 * The gate on the parsed query: one SELECT over the tables and functions that are allowed, and nothing else.
 *
 * It reads what DuckDB's `json_serialize_sql` makes of a text, which parses and does nothing more. Whatever it
 * doesn't know is refused.
 * @module
 */
import {
  AGGREGATING_FUNCTIONS,
  CAST_TYPES,
  FUNCTIONS,
  KEYWORD_FUNCTIONS,
  LAMBDA_FUNCTIONS,
  PATTERN_FUNCTIONS,
  TABLE_FUNCTIONS,
} from "./gate_functions.ts";

/** What a query may refer to. */
export interface Allowed {
  /** Tables, in lower case. */
  readonly tables: ReadonlySet<string>;
  /** Texts of the parameters that are given, by name. */
  readonly parameters: ReadonlyMap<string, string | null>;
}

const MAX_NODES = 20_000;
const MAX_DEPTH = 400;
const MAX_PATTERN = 256;
/** Beyond that, the engine's arithmetic on rows overflows. */
const MAX_WINDOW_OFFSET = 1_000_000;

const EXPRESSIONS = new Set(
  ("BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA OPERATOR PARAMETER " +
    "POSITIONAL_REFERENCE STAR SUBQUERY WINDOW").split(" "),
);
/** Queries, tables and modifiers: everything with a type that is no expression. */
const NODES = new Set(
  ("SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE BASE_TABLE EMPTY EXPRESSION_LIST JOIN PIVOT " +
    "SHOW_REF SUBQUERY TABLE_FUNCTION ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER " +
    "ORDER_DEFAULT ASCENDING DESCENDING").split(" "),
);

// deno-lint-ignore no-explicit-any
type Tree = any;
/** Names of the WITH queries that can be seen from where one stands. */
type Scope = ReadonlySet<string>;

class Refused extends Error {}

function refuse(reason: string): never {
  throw new Refused(reason);
}

/** As DuckDB compares names: it knows no capitals but those of ASCII. */
const lower = (name: unknown) => String(name ?? "").replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
const shown = (name: unknown) => JSON.stringify(String(name).slice(0, 64));

/** Why a query isn't let through, by what `json_serialize_sql` gives for it; null where it is. */
export function refusalOfTree(tree: Tree, allowed: Allowed): string | null {
  try {
    if (tree.error) refuse(parseError(tree));
    if (tree.statements.length !== 1) refuse("There must be exactly one SELECT.");
    // To the engine they are one, so that what was checked of one would be said by the other.
    const names = new Set([...allowed.parameters.keys()].map(lower));
    if (names.size < allowed.parameters.size) refuse("Two parameters' names differ in capitals only.");
    const { visit, used } = createWalk(allowed);
    visit(tree.statements[0].node, new Set(), 0);
    const unused = [...allowed.parameters.keys()].filter((name) => !used.has(name));
    // A misspelt one would silently do nothing.
    if (unused.length > 0) refuse(`The query has no $${unused[0]}.`);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

function parseError({ error_type, error_message, position }: Tree): string {
  if (error_type !== "parser") return `Only one SELECT is allowed: ${error_message}`;
  return `${error_message}${position === undefined ? "" : `, at character ${Number(position) + 1}`}.`;
}

function createWalk({ tables, parameters }: Allowed) {
  let nodes = 0;
  /** Names of parameters that the query has. */
  const used = new Set<string>();
  /** What stands where a lambda does; anywhere else its arrow is JSON's. */
  const lambdas = new Set<Tree>();

  function visit(tree: Tree, scope: Scope, depth: number): void {
    if (typeof tree !== "object" || tree === null) return;
    if (++nodes > MAX_NODES) refuse("The query has too many parts.");
    if (depth > MAX_DEPTH) refuse("The query nests too deep.");
    if (Array.isArray(tree)) {
      for (const item of tree) visit(item, scope, depth + 1);
      return;
    }
    if (typeof tree.class === "string") checkExpression(tree);
    else if (typeof tree.type === "string") checkNode(tree, scope);
    if (tree.class === "CONSTANT") return;
    if (tree.sample) refuse("A sample is another one each time: order and limit the rows instead.");
    const inside = withQueries(tree, scope, depth);
    for (const [key, child] of Object.entries(tree)) {
      if (key === "cte_map" || key === "cast_type") continue;
      visit(child, scopeOf(tree, key, inside), depth + 1);
    }
  }

  /** Visits the WITH queries of a node, each of which sees those before it, and gives what the node sees. */
  function withQueries(tree: Tree, scope: Scope, depth: number): Scope {
    const entries: Tree[] = tree.cte_map?.map ?? [];
    let inside = scope;
    for (const { key, value } of entries) {
      visit(value, inside, depth + 1);
      inside = new Set([...inside, lower(key)]);
    }
    return inside;
  }

  return { visit, used };

  /** A recursive query sees itself in its second part only; elsewhere its name may be another table's. */
  function scopeOf(tree: Tree, key: string, scope: Scope): Scope {
    const named = (tree.type === "RECURSIVE_CTE_NODE" && key === "right") ||
      (tree.type === "CTE_NODE" && key === "child");
    return named ? new Set([...scope, lower(tree.cte_name)]) : scope;
  }

  function checkNode(tree: Tree, scope: Scope): void {
    if (!NODES.has(tree.type)) refuse(`${tree.type} is not allowed.`);
    switch (tree.type) {
      case "BASE_TABLE":
        return checkTable(tree, scope);
      case "TABLE_FUNCTION": {
        const name = lower(tree.function?.function_name);
        if (!TABLE_FUNCTIONS.has(name)) refuse(`The table function ${shown(name)} is not allowed.`);
        return;
      }
      case "SHOW_REF":
        if (tree.query) return;
        return checkTable({ ...tree, table_name: String(tree.table_name).replaceAll('"', "") }, new Set());
      case "PIVOT":
        for (const { pivot_enum, subquery } of tree.pivots ?? []) {
          if (pivot_enum || subquery) refuse("PIVOT is only allowed with its values written out: IN (…).");
        }
    }
  }

  function checkTable({ catalog_name, schema_name, table_name, at_clause }: Tree, scope: Scope): void {
    const name = lower(table_name);
    const found = tables.has(name) || (!schema_name && scope.has(name));
    if (catalog_name || !["", "main"].includes(lower(schema_name)) || !found) {
      const full = [catalog_name, schema_name, table_name].filter(Boolean).join(".");
      refuse(`There is no table ${shown(full)}. The tables are ${[...tables].join(", ")}.`);
    }
    if (at_clause) refuse("AT is not allowed: as_of= asks about the past.");
  }

  function checkExpression(tree: Tree): void {
    switch (tree.class) {
      case "FUNCTION":
        return checkFunction(tree);
      case "WINDOW":
        checkFunction(tree);
        return checkWindow(tree);
      case "COLUMN_REF":
        if (tree.column_names.length === 1 && KEYWORD_FUNCTIONS.has(lower(tree.column_names[0]))) {
          refuse(`The function ${shown(tree.column_names[0])} is not allowed.`);
        }
        return;
      case "CAST":
        return checkCast(tree.cast_type);
      case "STAR":
        lambdas.add(tree.expr);
        return;
      case "LAMBDA":
        if (!lambdas.has(tree)) {
          refuse(
            "A lambda is allowed as the second argument of a list function, and in COLUMNS; JSON's -> isn't.",
          );
        }
        return;
      case "PARAMETER":
        if (!parameters.has(tree.identifier)) {
          refuse(
            /^\d+$/.test(tree.identifier)
              ? "Parameters have names: $name, with param_name=…"
              : `The parameter $${String(tree.identifier).slice(0, 64)} is not given.`,
          );
        }
        used.add(tree.identifier);
        return;
      default:
        if (!EXPRESSIONS.has(tree.class)) refuse(`${tree.class} is not allowed.`);
    }
  }

  function checkFunction({ function_name, schema, catalog, children, export_state }: Tree): void {
    const name = lower(function_name);
    if (catalog || !["", "main"].includes(lower(schema)) || export_state || !FUNCTIONS.has(name)) {
      refuse(`The function ${shown(function_name)} is not allowed.`);
    }
    if (LAMBDA_FUNCTIONS.has(name)) lambdas.add(children?.[1]);
    if (name === "age" && children.length < 2) refuse("age needs two times: with one it asks the clock.");
    if (AGGREGATING_FUNCTIONS.has(name) && !FUNCTIONS.has(lower(textOf(children?.[1])))) {
      refuse(`${function_name} needs the name of an aggregate that is allowed, as a text.`);
    }
    if (PATTERN_FUNCTIONS.has(name) && !isShortConstant(children?.[1])) {
      refuse(`A pattern must be a text of at most ${MAX_PATTERN} characters, or a parameter.`);
    }
  }

  function isShortConstant(tree: Tree): boolean {
    const text = textOf(tree);
    return text !== undefined && text.length <= MAX_PATTERN;
  }

  /** What a constant or a parameter says; undefined of anything else. */
  function textOf(tree: Tree): string | undefined {
    if (tree?.class === "PARAMETER") return parameters.get(tree.identifier) ?? "";
    return tree?.class === "CONSTANT" ? String(tree.value.value ?? "") : undefined;
  }
}

/** The offset of lag and lead, which may be left out. */
function checkWindow({ offset_expr }: Tree): void {
  if (!offset_expr) return;
  const offset = offset_expr.class === "CONSTANT" ? offset_expr.value.value : NaN;
  if (!(Math.abs(Number(offset)) <= MAX_WINDOW_OFFSET)) {
    refuse(`The offset of a window function must be a number up to ${MAX_WINDOW_OFFSET}.`);
  }
}

/** The type, and those that it is made of. */
function checkCast(type: Tree): void {
  if (typeof type !== "object" || type === null) return;
  if (typeof type.id === "string" && (!CAST_TYPES.has(type.id) || type.type_info?.alias)) {
    refuse(`A cast to ${shown(type.type_info?.alias || type.type_info?.name || type.id)} is not allowed.`);
  }
  for (const part of Object.values(type)) checkCast(part);
}
