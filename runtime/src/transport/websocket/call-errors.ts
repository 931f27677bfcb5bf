import type { AnyMethod, Metadata } from "../../cqrs/index.js";
import { isPotterError, PotterError } from "../../errors/index.js";
import {
  type FieldLocation,
  readFieldPath,
  toFields,
  toGrpcNumber,
  toJsonPointer,
  toProblem,
} from "../../http/index.js";
import { errorFrame } from "./frames.js";

/** What an error is sent with. */
export interface ErrorContext {
  readonly correlationId?: string | undefined;
  readonly headers?: Metadata | undefined;
  readonly trailers?: Metadata | undefined;
  /** Locates violations in its requests. */
  readonly method?: AnyMethod;
  /** Whether the call was certainly not begun, so that any may be repeated elsewhere. */
  readonly unprocessed?: boolean;
  /** An error of JSON-RPC itself. Default: the code follows from the error. */
  readonly code?: number;
}

/** Writes the answer to a call that has failed. `id` is JSON. */
export function failureFrame(id: string, error: unknown, context: ErrorContext = {}): string {
  const { correlationId, headers, trailers, method, unprocessed } = context;
  const locate = method && ((field: string) => locateIn(method, field));
  const problem = toProblem(error, { correlationId, locate });
  const retryAfter = isPotterError(error) ? error.retryAfter : undefined;
  const data = {
    ...problem,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(unprocessed === true && { unprocessed }),
    ...(headers && { headers: toFields(headers) }),
    ...(trailers && { trailers: toFields(trailers) }),
  };
  const code = context.code ?? -32000 - toGrpcNumber(problem.code);
  return errorFrame(id, { code, message: problem.detail ?? problem.title, data });
}

function locateIn({ request }: AnyMethod, field: string): FieldLocation {
  return { in: "body", field: toJsonPointer(request.schema, readFieldPath(field)) };
}

/** Answers a request whose params, or a part of them other than the message, are malformed. */
export function invalidParamsFrame(id: string, error: unknown): string {
  return failureFrame(id, error, { code: -32602 });
}

export function unknownMethodFrame(id: string): string {
  const message = "there is no such method: expected the full name of a service, a slash and the name of the method";
  return failureFrame(id, new PotterError("unimplemented", message), { code: -32601 });
}

export function invalidParams(message: string): PotterError {
  return new PotterError("invalid_argument", message);
}
