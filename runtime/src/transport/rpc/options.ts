import { PotterError } from "../../errors/index.js";
import { type CodingName, Compressions } from "./compression/index.js";

/** A protocol of {@link rpc}. */
export type RpcProtocol = "connect" | "grpc" | "grpc-web";

/** The options of {@link rpc}. */
export interface RpcOptions {
  /** The protocols that are served. Default: all three. */
  readonly protocols?: readonly RpcProtocol[];
  /** The largest message of a request, as it is sent and as it is inflated, in bytes. Default: 4 MiB. */
  readonly maxMessageSize?: number;
  /** How messages are compressed. Default: gzip and, where the platform has it, brotli. */
  readonly compression?: RpcCompressionOptions;
  /**
   * Whether `grpc.health.v1` is served: to anybody, without the `caller` of the app. A service serves while its app runs and the store can
   * serve calls. Default: `true`.
   */
  readonly health?: boolean;
  /**
   * Whether `grpc.reflection.v1` and `v1alpha` are served, which describe the contract to tools such as grpcurl. The `caller` of the app
   * is asked as for other methods. Default: `false`.
   */
  readonly reflection?: boolean;
  /** The longest time that a call may take, streams included, in milliseconds, whatever its client requests. Default: no limit. */
  readonly maxTimeout?: number;
  /** The deepest nesting of a message in JSON. Default: 100. */
  readonly maxJsonDepth?: number;
  /** The ETag of a GET of Connect whose result has no version: `version`: none; `body`: a weak tag of its content. Default: `version`. */
  readonly etag?: "version" | "body";
}

/** How {@link rpc} compresses messages. */
export interface RpcCompressionOptions {
  /** The compressions that clients may use, the preferred one first. An empty list: none. Default: `["gzip", "br"]`. */
  readonly codings?: readonly CodingName[];
  /** The smallest message of a response that is compressed if the client accepts it, in bytes. Default: 16 KiB. */
  readonly threshold?: number;
}

/** The options with their defaults. */
export interface RpcSettings {
  readonly protocols: ReadonlySet<RpcProtocol>;
  readonly maxMessageSize: number;
  readonly compressions: Compressions;
  readonly health: boolean;
  readonly reflection: boolean;
  readonly maxTimeout: number;
  readonly maxJsonDepth: number;
  readonly etag: "version" | "body";
}

const allProtocols: readonly RpcProtocol[] = ["connect", "grpc", "grpc-web"];
const allCodings: readonly CodingName[] = ["gzip", "br"];
/** An envelope has 32 bits for the length, and arrays of some platforms 31. */
const largestSize = 2 ** 31 - 1;

/** Checks the options and fills in defaults. Throws a PotterError for an invalid one. */
export function readRpcOptions(options: RpcOptions): RpcSettings {
  const {
    protocols = allProtocols,
    maxMessageSize = 4 * 1024 * 1024,
    compression = {},
    maxTimeout,
    health = true,
    reflection = false,
    maxJsonDepth = 100,
    etag = "version",
  } = options;
  const { codings = allCodings, threshold = 16 * 1024 } = compression;
  checkList("protocols", protocols, allProtocols);
  if (protocols.length === 0) throw invalid("protocols", "empty", `at least one of ${allProtocols.join(", ")}`);
  checkList("compression.codings", codings, allCodings);
  checkNumber("maxMessageSize", maxMessageSize, 1, "bytes, a whole number above 0");
  checkNumber("compression.threshold", threshold, 0, "bytes, a whole number");
  checkNumber("maxJsonDepth", maxJsonDepth, 1, "levels, a whole number above 0");
  if (maxTimeout !== undefined) checkNumber("maxTimeout", maxTimeout, 1, "milliseconds, a whole number above 0");
  for (const [name, value] of Object.entries({ health, reflection })) {
    if (typeof value !== "boolean") throw invalid(name, String(value), "true or false");
  }
  checkList("etag", [etag], ["version", "body"]);
  return {
    protocols: new Set(protocols),
    maxMessageSize,
    compressions: new Compressions(codings, threshold),
    maxTimeout: maxTimeout ?? Number.POSITIVE_INFINITY,
    health,
    reflection,
    maxJsonDepth,
    etag,
  };
}

function checkList<Name extends string>(option: string, given: readonly Name[], known: readonly Name[]): void {
  for (const name of given) {
    if (!known.includes(name)) throw invalid(option, JSON.stringify(name), known.join(", "));
  }
}

function checkNumber(option: string, value: number, least: number, expected: string): void {
  if (Number.isSafeInteger(value) && value >= least && value <= largestSize) return;
  throw invalid(option, String(value), expected);
}

function invalid(option: string, found: string, expected: string): PotterError {
  return new PotterError("invalid_argument", `rpc: ${option} is ${found}: expected ${expected}`);
}
