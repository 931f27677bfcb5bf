import type { HttpFields } from "../../../http/index.js";

/** Headers that handlers cannot set. */
export const reserved: HttpFields = Object.freeze({
  "content-type": "",
  "content-length": "",
  "content-encoding": "",
  "connect-content-encoding": "",
  "connect-accept-encoding": "",
});
