import type { BodyFormat } from "../../http/index.js";

/** The options of REST. */
export interface RestOptions {
  /** The largest body, in bytes; a larger one gets 413. Default: 1 MiB. */
  readonly maxBodySize?: number;
  /** The deepest nesting of a body. Default: 100. */
  readonly maxJsonDepth?: number;
  /** Whether query parameters that are not in the contract are ignored; otherwise they get 400. Default: `false`. */
  readonly ignoreUnknownParameters?: boolean;
  /** Milliseconds of silence after which an event stream sends a comment, so that proxies keep it open. Default: 15 s. */
  readonly heartbeat?: number;
  /** Milliseconds after which a client reconnects when its event stream breaks. Default: the client's own. */
  readonly retry?: number;
  /** How long a client may leave a response unread before it is disconnected, in milliseconds. Default: the server's option, 60 s. */
  readonly writeTimeout?: number;
  /** Formats of bodies beside JSON and binary protobuf, such as `messagePack()`. Default: none. */
  readonly formats?: readonly BodyFormat[];
  /** The ETag of a GET whose result has no version: `version`: none; `body`: a weak tag of its content. Default: `version`. */
  readonly etag?: "version" | "body";
  /** The longest time that a call may take, in milliseconds, whatever `request-timeout` requests. Default: no limit. */
  readonly maxTimeout?: number;
  /** How clients authenticate: the `www-authenticate` header of a 401. Default: `Bearer`. */
  readonly challenge?: string;
}
