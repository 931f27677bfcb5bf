import type { BodyFormat } from "../../http/index.js";

/** What may be set about REST. */
export interface RestOptions {
  /** The largest body, in bytes; beyond it the answer is 413. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /** The deepest nesting of a body. Default: 100. */
  readonly maxJsonDepth?: number;
  /** Whether a query parameter that is not in the contract is passed over, or answered with 400. Default: answered. */
  readonly ignoreUnknownParameters?: boolean;
  /** Milliseconds of silence after which an event stream sends a comment, so that proxies keep it. Default: 15 s. */
  readonly heartbeat?: number;
  /** Milliseconds after which a client whose event stream broke is to connect again. Default: the client's own. */
  readonly retry?: number;
  /** How long a client may take to read what waits for it before it is cut off, in milliseconds. Default: what the server sets, 60 s. */
  readonly writeTimeout?: number;
  /** What bodies may be written in besides JSON and binary protobuf, such as `messagePack()`. Default: nothing. */
  readonly formats?: readonly BodyFormat[];
  /** What the ETag of a GET says when its result has no version: nothing, or what its body is. Default: `version`, nothing. */
  readonly etag?: "version" | "body";
  /** The longest time in milliseconds that a call may take, whatever `request-timeout` asks for. Default: no limit. */
  readonly maxTimeout?: number;
  /** How callers say who they are: what a 401 sends as `www-authenticate`. Default: `Bearer`. */
  readonly challenge?: string;
}
