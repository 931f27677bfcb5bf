// Events as commands select, read, print and export them. Knows no command.
export { fromEventLine, LineError, toEventLine } from "./event-line.js";
export { nameStream, printEvent, printEventLine, type ShownContent, showContent } from "./event-view.js";
export { readEvents } from "./read-events.js";
export { readTime } from "./read-time.js";
export {
  kindOptions,
  readStreamName,
  type Selection,
  selectionOptions,
  selects,
  toFilter,
  toKind,
  toSelection,
} from "./selection.js";
export { warnOfUnreadEvents } from "./unread-warning.js";
