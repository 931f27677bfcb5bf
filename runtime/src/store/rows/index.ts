// Transactions over rows, and what conditions on rows mean: shared by the stores in memory and in SQL.
export {
  type EncodedRow,
  type KnownRow,
  type ReadRows,
  type RecallRow,
  RowBuffer,
  type RowChange,
  tableId,
} from "./row-buffer.js";
export { type RowFields, readFields, readProperty } from "./row-fields.js";
export { matchesAll, toOperands } from "./row-match.js";
export { compareUtf8 } from "./utf8-order.js";
