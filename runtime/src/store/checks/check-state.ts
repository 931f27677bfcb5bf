import type { StateWrite } from "../ports/index.js";
import { checkAppend, checkStateVersion } from "./check-append.js";
import { checkSize } from "./check-value.js";

/** Refuses a state that some store cannot keep. */
export function checkStateWrite(write: StateWrite, maxEventSize: number): void {
  checkAppend(write, maxEventSize);
  checkStateVersion(write.state.stateVersion);
  checkSize("the state", write.state.bytes);
}
