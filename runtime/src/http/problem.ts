import { type Code, isPotterError, type PotterError, type Violation } from "../errors/index.js";
import type { HttpResponse } from "./http.js";
import type { HttpError } from "./http-error.js";
import { toPhrase, toStatus } from "./status.js";

/** The body of every answer that is not a success: `application/problem+json`, RFC 9457. */
export interface Problem {
  /** `about:blank`, or `urn:proto:` and the full name of a declared error. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What went wrong this time, in words fit for the caller. */
  readonly detail?: string;
  /** The path of the request. */
  readonly instance?: string;
  /** The canonical code, the same on every transport. */
  readonly code: Code;
  /** To ask about this call: the log has it too. */
  readonly correlationId?: string;
  readonly violations?: readonly ProblemViolation[];
  /** The declared error as ProtoJSON, with its type as `@type`. */
  readonly error?: Readonly<Record<string, unknown>>;
}

/** Where a caller finds the field of a violation. */
export interface FieldLocation {
  readonly in: "body" | "path" | "query";
  /** In the body a JSON Pointer (RFC 6901), empty for the body as a whole; else the name of the parameter. */
  readonly field: string;
}

/** One thing that is wrong with a request, and where. */
export interface ProblemViolation extends FieldLocation {
  /** Id of the rule, such as `string.min_len`. */
  readonly rule: string;
  readonly message: string;
}

/** What a problem says besides its error. */
export interface ProblemContext {
  /** Path of the request. */
  readonly instance?: string | undefined;
  readonly correlationId?: string | undefined;
  /** How a caller can say who it is: `www-authenticate` of a 401 that has none of its own. Default: `Bearer`. */
  readonly challenge?: string | undefined;
  /** Finds the field of a violation in the request. Default: as a pointer into the body. */
  readonly locate?: ((field: string) => FieldLocation) | undefined;
}

/** What clients are told in place of a message that is not for them, by code. It holds no name of a product, no code of one, no table. */
const neutral: Readonly<Partial<Record<Code, string>>> = {
  unavailable: "the service is not available at the moment: try again later",
  resource_exhausted: "the service has too much to do at the moment: try again later",
  aborted: "the request met another one: try again",
  deadline_exceeded: "the service did not answer in time",
};

function tellOf(error: PotterError, correlationId: string | undefined): string {
  const { code } = error;
  const isInternal = code === "internal" || code === "unknown" || code === "data_loss";
  if (!isInternal && !error.confidential) return error.message;
  const told = neutral[code] ?? "internal error";
  if (neutral[code] !== undefined || correlationId === undefined) return told;
  return `${told}, see the log for correlation id ${correlationId}`;
}

/**
 * The problem that tells a caller of an error. What is not a PotterError is told of as an internal error, without its message;
 * so is what only the server can mend.
 */
export function toProblem(error: unknown, context: ProblemContext = {}): Problem {
  const known = isPotterError(error) ? error : undefined;
  const code = known?.code ?? "internal";
  const status = (known as HttpError | undefined)?.status ?? toStatus(code);
  const declared = known?.detail;
  const { correlationId } = context;
  return {
    type: declared === undefined ? "about:blank" : `urn:proto:${declared.typeName}`,
    title: declared === undefined ? toPhrase(status) : (known as PotterError).message,
    status,
    ...(declared === undefined && {
      detail: known === undefined ? "the server failed to answer" : tellOf(known, correlationId),
    }),
    ...(context.instance !== undefined && { instance: context.instance }),
    code,
    ...(correlationId !== undefined && { correlationId }),
    ...(known !== undefined && known.violations.length > 0 && { violations: toViolations(known.violations, context) }),
    ...(declared !== undefined && { error: toAny(declared.typeName, declared.json) }),
  };
}

function toViolations(violations: readonly Violation[], { locate = inBody }: ProblemContext): ProblemViolation[] {
  return violations.map(({ field, rule, message }) => ({ ...locate(field), rule, message }));
}

function inBody(field: string): FieldLocation {
  return { in: "body", field: field === "" ? "" : `/${field.replaceAll(".", "/")}` };
}

/** As google.protobuf.Any is written in JSON: types with a JSON form of their own go into `value`. */
function toAny(typeName: string, json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? { "@type": typeName, ...json }
    : { "@type": typeName, value: json };
}

/** The answer that tells a caller of an error. */
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
