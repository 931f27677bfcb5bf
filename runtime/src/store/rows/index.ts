// Transactions over rows, and what conditions on rows mean: shared by the stores in memory and in SQL.
export { dueField, dueOf, splitDue, toStoredConditions } from "./due.js";
export {
  type EncodedRow,
  type KnownRow,
  type ReadRows,
  type RecallRow,
  RowBuffer,
  type RowChange,
  rowId,
  tableId,
} from "./row-buffer.js";
export { type RowFields, readFields, readProperty } from "./row-fields.js";
export { matchesAll, toOperands } from "./row-match.js";
export { type RowPlace, type RowRead, RowReads, rowName, type UsedRow } from "./row-reads.js";
export {
  type RowAttempt,
  type RowCommit,
  type RowCommits,
  RowTransactor,
  type TenantCommand,
} from "./row-transactor.js";
export { RowTurns } from "./row-turns.js";
export { compareUtf8 } from "./utf8-order.js";
