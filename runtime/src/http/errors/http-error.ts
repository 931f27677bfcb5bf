import { type Code, PotterError, type PotterErrorOptions } from "../../errors/index.js";

/** The options of an `HttpError`. */
export interface HttpErrorOptions extends PotterErrorOptions {
  /** Headers of the response, such as `allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error of HTTP itself, whose status does not follow from its code: 405, 406, 412, 413, 415. */
export class HttpError extends PotterError {
  /** Status of the response. */
  readonly status: number;
  /** Headers of the response in addition to those of every problem. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: Code, message: string, options: HttpErrorOptions = {}) {
    super(code, message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** 413, for a body above `limit` bytes. The connection closes, because the rest of the body is not read. */
export function tooLarge(limit: number): HttpError {
  return new HttpError(413, "resource_exhausted", `the body is larger than ${limit} bytes`, {
    headers: { connection: "close" },
  });
}

/** 400, for a body that is not UTF-8. */
export function notUtf8(): HttpError {
  return new HttpError(400, "invalid_argument", "the body is not valid UTF-8");
}
