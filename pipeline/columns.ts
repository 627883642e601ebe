/**
 * Columns: typed arrays that grow.
 * @module
 */

/** A copy of the column with room for twice as many. */
export function doubled<Column extends { length: number; set(from: Column): void }>(column: Column): Column {
  const Constructor = column.constructor as new (length: number) => Column;
  const grown = new Constructor(2 * column.length);
  grown.set(column);
  return grown;
}
