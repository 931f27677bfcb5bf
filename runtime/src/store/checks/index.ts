// Checks of arguments that every store runs, so that no store accepts what another one cannot keep.
export {
  checkAppend,
  checkAppendSequence,
  checkAppendToStreams,
  checkCause,
  checkClose,
  checkCommand,
  checkCommandId,
  checkEventSize,
  checkImported,
  checkReservation,
  checkRowAppend,
  checkSnapshot,
  checkStateVersion,
  checkStream,
  checkTenant,
} from "./check-append.js";
export { checkDeadLetterQuery, checkLease, checkLimit, checkRegistration, checkShard } from "./check-projection.js";
export { checkLoad, checkRange, checkSlice, checkStreamQuery } from "./check-read.js";
export { checkRowKey } from "./check-row.js";
export { checkStateWrite } from "./check-state.js";
export { checkSubject } from "./check-subject.js";
export {
  checkInteger,
  checkSize,
  checkText,
  defaultMaxEventSize,
  maxRecordBytes,
  maxTextBytes,
  toMaxEventSize,
} from "./check-value.js";
