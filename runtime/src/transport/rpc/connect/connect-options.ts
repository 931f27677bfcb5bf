import type { ExchangeContext } from "../calls/index.js";
import type { Compressions } from "../compression/index.js";

/** The options of Connect. */
export interface ConnectOptions extends ExchangeContext {
  readonly maxMessageSize: number;
  readonly compressions: Compressions;
  /** The source of the ETag of a GET: the version of the result, or else its body. */
  readonly etag: "version" | "body";
}
