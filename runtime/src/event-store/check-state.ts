import { checkAppend, checkStateVersion } from "./check-append.js";
import { checkSize } from "./checks.js";
import type { StateWrite } from "./states.js";

/** Refuses a state that not every store can keep. */
export function checkStateWrite(write: StateWrite, maxEventSize: number): void {
  checkAppend(write, maxEventSize);
  checkStateVersion(write.state.stateVersion);
  checkSize("the state", write.state.bytes);
}
