import type { Code } from "./code.js";

/** One thing that is wrong with a request, and where. */
export interface Violation {
  /** Path of the field in proto names, as protovalidate writes it: `lines[0].sku`. Empty for the message itself. */
  readonly field: string;
  /** Id of the rule that is broken, such as `string.min_len`. */
  readonly rule: string;
  /** What is expected, in words fit for the caller. Holds no value of the request. */
  readonly message: string;
}

/** The declared error of a contract, as a command rejected with it. */
export interface ErrorDetail {
  /** Full name of the error's message: `shop.orders.v1.OutOfStock`. */
  readonly typeName: string;
  /** The message as ProtoJSON. */
  readonly json: unknown;
}

/** What a `PotterError` carries in addition to its code and message. */
export interface PotterErrorOptions {
  /** What led to this error; never shown to a caller. */
  readonly cause?: unknown;
  /** Each thing that is wrong with the request. */
  readonly violations?: readonly Violation[];
  /** The declared error, for a rejection. */
  readonly detail?: ErrorDetail;
  /** After how many milliseconds another try makes sense. Over HTTP: `Retry-After`. */
  readonly retryAfter?: number;
  /** The message is for logs and callers within the process: clients of a transport get a neutral one. Default: `false`. */
  readonly confidential?: boolean;
}

const brand = Symbol.for("@potter/runtime/PotterError");

/**
 * The one error that Potter throws and that handlers may throw: a code for machines, a message that
 * is shown to the caller. Test it with {@link isPotterError}; there may be several copies of a package.
 */
export class PotterError extends Error {
  override readonly name = "PotterError";
  readonly code: Code;
  readonly violations: readonly Violation[];
  readonly detail: ErrorDetail | undefined;
  readonly retryAfter: number | undefined;
  readonly confidential: boolean;

  constructor(code: Code, message: string, options: PotterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.violations = options.violations ?? [];
    this.detail = options.detail;
    this.retryAfter = options.retryAfter;
    this.confidential = options.confidential === true;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a value is a {@link PotterError}, from whichever copy of the package. */
export function isPotterError(value: unknown): value is PotterError {
  return typeof value === "object" && value !== null && brand in value;
}
