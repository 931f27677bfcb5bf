import { type Code, isPotterError, type PotterError, type Violation } from "../../errors/index.js";
import type { HttpResponse } from "../http.js";
import type { HttpError } from "./http-error.js";
import { toPhrase, toStatus } from "./status.js";

/** The body of every error response: `application/problem+json`, RFC 9457. */
export interface Problem {
  /** `about:blank`, or `urn:proto:` and the full name of a declared error. */
  readonly type: string;
  /** The reason phrase of the status, or the message of a declared error. */
  readonly title: string;
  /** The status of the response. */
  readonly status: number;
  /** What went wrong, in words that the caller may see. */
  readonly detail?: string;
  /** The path of the request. */
  readonly instance?: string;
  /** The canonical code, equal in every transport. */
  readonly code: Code;
  /** Identifies the call in the log. */
  readonly correlationId?: string;
  /** The errors in the request, each with its location. Absent: the error is not about single fields. */
  readonly violations?: readonly ProblemViolation[];
  /** The declared error as ProtoJSON, with its type as `@type`. */
  readonly error?: Readonly<Record<string, unknown>>;
  /** Further details as ProtoJSON, each with its type as `@type`. Absent: there are none. */
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

/** The location of a field in a request. */
export interface FieldLocation {
  /** The part of the request that has the field. */
  readonly in: "body" | "path" | "query";
  /** In the body a JSON Pointer (RFC 6901), empty for the body as a whole; else the name of the parameter. */
  readonly field: string;
}

/** One error in a request, and its location. */
export interface ProblemViolation extends FieldLocation {
  /** The id of the rule, such as `string.min_len`. */
  readonly rule: string;
  /** What is expected, in words for the caller. Contains no value of the request. */
  readonly message: string;
}

/** The data of a problem in addition to its error. */
export interface ProblemContext {
  /** The path of the request. */
  readonly instance?: string | undefined;
  /** Id of the call, which the problem and the header `x-correlation-id` contain. Default: none. */
  readonly correlationId?: string | undefined;
  /** How clients authenticate: `www-authenticate` of a 401 that has none of its own. Default: `Bearer`. */
  readonly challenge?: string | undefined;
  /** Finds the location of a field. Default: a JSON Pointer into the body. */
  readonly locate?: ((field: string) => FieldLocation) | undefined;
}

/** The details that replace confidential messages, by code. They reveal no product, no error code of one, and no table. */
const publicDetails: Readonly<Partial<Record<Code, string>>> = {
  unavailable: "the service is not available at the moment: try again later",
  resource_exhausted: "the service has too much to do at the moment: try again later",
  aborted: "the request met another one: try again",
  deadline_exceeded: "the service did not answer in time",
};

/**
 * Returns the message of an error that clients may see: that of an error that is no PotterError, or that only the server's operator
 * can fix, is replaced. A declared error is always public.
 */
export function toPublicMessage(error: unknown, correlationId?: string): string {
  if (!isPotterError(error)) return "the server failed to answer";
  const { code } = error;
  if (error.detail !== undefined || !error.confidential) return error.message;
  const detail = publicDetails[code] ?? "internal error";
  if (publicDetails[code] !== undefined || correlationId === undefined) return detail;
  return `${detail}, see the log for correlation id ${correlationId}`;
}

/**
 * Returns the problem that reports an error to the caller. An error that is no PotterError, or that only the server's operator
 * can fix, is reported as an internal error without its message.
 */
export function toProblem(error: unknown, context: ProblemContext = {}): Problem {
  const known = isPotterError(error) ? error : undefined;
  const code = known?.code ?? "internal";
  const status = (known as HttpError | undefined)?.status ?? toStatus(code);
  const declared = known?.detail;
  const { correlationId } = context;
  const message = toPublicMessage(error, correlationId);
  return {
    type: declared === undefined ? "about:blank" : `urn:proto:${declared.typeName}`,
    title: declared === undefined ? toPhrase(status) : message,
    status,
    ...(declared === undefined && { detail: message }),
    ...(context.instance !== undefined && { instance: context.instance }),
    code,
    ...(correlationId !== undefined && { correlationId }),
    ...(known !== undefined && known.violations.length > 0 && { violations: toViolations(known.violations, context) }),
    ...(declared !== undefined && { error: toAny(declared.typeName, declared.json) }),
    ...toDetails(known),
  };
}

function toDetails(error: PotterError | undefined): Pick<Problem, "details"> {
  const further = error?.details.filter((detail) => detail !== error.detail && detail.json !== undefined) ?? [];
  return further.length === 0 ? {} : { details: further.map(({ typeName, json }) => toAny(typeName, json)) };
}

function toViolations(violations: readonly Violation[], { locate = inBody }: ProblemContext): ProblemViolation[] {
  return violations.map(({ field, rule, message }) => ({ ...locate(field), rule, message }));
}

function inBody(field: string): FieldLocation {
  return { in: "body", field: field === "" ? "" : `/${field.replaceAll(".", "/")}` };
}

/** Writes a message as the JSON of google.protobuf.Any: a type with a special JSON form goes into `value`. */
function toAny(typeName: string, json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? { "@type": typeName, ...json }
    : { "@type": typeName, value: json };
}

/** Returns the response that reports an error to the caller. */
export function problemResponse(error: unknown, context?: ProblemContext): HttpResponse {
  const problem = toProblem(error, context);
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(isPotterError(error) && (error as Partial<HttpError>).headers),
  };
  if (isPotterError(error) && error.retryAfter !== undefined) {
    headers["retry-after"] ??= String(Math.ceil(error.retryAfter / 1000));
  }
  if (problem.status === 401) headers["www-authenticate"] ??= context?.challenge ?? "Bearer";
  if (context?.correlationId !== undefined) headers["x-correlation-id"] = context.correlationId;
  return { status: problem.status, headers, body: JSON.stringify(problem) };
}
