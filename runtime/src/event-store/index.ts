// The port of event stores and of the rows kept beside them, and the store in memory. No driver.
export type {
  AppendRequest,
  AppendResult,
  CommandRecord,
  EventSlice,
  EventStore,
  EventToAppend,
  InlineApply,
  RecordedEvent,
  Snapshot,
  StreamId,
} from "./event-store.js";
export { memory } from "./memory.js";
export type {
  Checkpoint,
  RowCondition,
  RowReader,
  RowScan,
  RowStore,
  RowTable,
  RowTransaction,
  RowValue,
  Store,
} from "./rows.js";
