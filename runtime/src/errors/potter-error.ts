import type { Code } from "./code.js";

/** One violated rule of a request, and its location. */
export interface Violation {
  /** Path of the field in proto names, as protovalidate writes it: `lines[0].sku`. Empty for the message itself. */
  readonly field: string;
  /** Id of the violated rule, such as `string.min_len`. */
  readonly rule: string;
  /** What is expected, in words for the caller. Contains no value of the request. */
  readonly message: string;
}

/** A message that describes an error: the declared error of a command, or one such as `google.rpc.RetryInfo`. */
export interface ErrorDetail {
  /** Full name of the message: `shop.orders.v1.OutOfStock`. */
  readonly typeName: string;
  /** The message as ProtoJSON. Absent: only `encode` is known. */
  readonly json?: unknown;
  /** Writes the message in the binary wire format. Absent: transports with binary details send none. */
  encode?(): Uint8Array;
}

/** The optional properties of a {@link PotterError}. */
export interface PotterErrorOptions {
  /** The error that caused this one. Logged, but never sent to a client. Default: none. */
  readonly cause?: unknown;
  /** The violated rules of the request. Default: none. */
  readonly violations?: readonly Violation[];
  /** The declared error, for a rejected command. Default: none. */
  readonly detail?: ErrorDetail;
  /** Further details for the caller, each a message. Default: none. */
  readonly details?: readonly ErrorDetail[];
  /** When the caller may retry, in milliseconds. Sent as `Retry-After` over HTTP. Default: not set. */
  readonly retryAfter?: number;
  /**
   * Whether only logs and in-process callers see the message; clients of a transport get a neutral one. Default: whether the code is
   * `internal`, `unknown` or `data_loss`.
   */
  readonly confidential?: boolean;
}

/** Codes of errors that only the operator of the server can fix. */
const ofOperators: ReadonlySet<Code> = new Set(["internal", "unknown", "data_loss"]);

const brand = Symbol.for("@potter/runtime/PotterError");

/**
 * The error that Potter throws and that handlers may throw: a code for programs, and a message that the caller sees. Test for it
 * with {@link isPotterError} instead of `instanceof`, since several copies of the package may be loaded.
 */
export class PotterError extends Error {
  /** Marks the error in logs and stack traces. */
  override readonly name = "PotterError";
  /** The code, which transports map to their own statuses. */
  readonly code: Code;
  /** The violated rules of the request; empty for other errors. */
  readonly violations: readonly Violation[];
  /** The declared error, if a command was rejected with one. */
  readonly detail: ErrorDetail | undefined;
  /** All details: the declared error, if there is one, and the further ones. */
  readonly details: readonly ErrorDetail[];
  /** When the caller may retry, in milliseconds, if known. */
  readonly retryAfter: number | undefined;
  /** Whether the message is hidden from clients of a transport. */
  readonly confidential: boolean;

  constructor(code: Code, message: string, options: PotterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.violations = options.violations ?? [];
    this.detail = options.detail;
    const { detail, details = [] } = options;
    this.details = detail === undefined ? details : [detail, ...details];
    this.retryAfter = options.retryAfter;
    this.confidential = options.confidential ?? ofOperators.has(code);
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a value is a {@link PotterError}, of any copy of the package. */
export function isPotterError(value: unknown): value is PotterError {
  return typeof value === "object" && value !== null && brand in value;
}
