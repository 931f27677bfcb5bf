import { checkText, maxTextBytes } from "./check-value.js";

/** Refuses a key of a row that some store cannot keep. `what` names it. */
export function checkRowKey(what: string, key: string): void {
  checkText(what, key, maxTextBytes.rowKey);
}
