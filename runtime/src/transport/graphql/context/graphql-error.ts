import { GraphQLError, type GraphQLErrorExtensions, type GraphQLErrorOptions } from "graphql";
import { isPotterError, type Violation } from "../../../errors/index.js";
import { toProblem } from "../../../http/index.js";

/** `extensions` of an error: the same data as a problem over REST. */
export interface PotterErrorExtensions extends GraphQLErrorExtensions {
  /** The canonical code in capitals: `NOT_FOUND`. */
  readonly code: string;
  /** `urn:proto:` and the full name of a declared error; absent for all others. */
  readonly type?: string;
  /** Id of the call; log lines of the call have it too. */
  readonly correlationId?: string;
  /** Every violation of the arguments; `field` is a path in the proto names of the request. */
  readonly violations?: readonly Violation[];
  /** The declared error as ProtoJSON, with its type as `@type`. */
  readonly error?: Readonly<Record<string, unknown>>;
  /** Further details as ProtoJSON, each with its type as `@type`. Absent: there are none. */
  readonly details?: readonly Readonly<Record<string, unknown>>[];
  /** Milliseconds after which a retry makes sense. */
  readonly retryAfter?: number;
}

/** Where an error occurred, as far as it is known. */
export interface ErrorLocation extends Pick<GraphQLErrorOptions, "nodes" | "path"> {
  /** Id of the call, which `extensions` of the error contains. Default: none. */
  readonly correlationId?: string | undefined;
}

/**
 * Converts an error to a GraphQL error for clients. Code, message and details are those of the problem over REST. Errors other
 * than a PotterError become `INTERNAL`, without their message.
 */
export function toGraphQLError(error: unknown, location: ErrorLocation = {}): GraphQLError {
  const { correlationId, nodes, path } = location;
  const problem = toProblem(error, { correlationId });
  const violations = problem.violations === undefined ? undefined : (error as { violations: Violation[] }).violations;
  const extensions: PotterErrorExtensions = {
    code: problem.code.toUpperCase(),
    ...(problem.type !== "about:blank" && { type: problem.type }),
    ...(problem.correlationId !== undefined && { correlationId: problem.correlationId }),
    ...(violations !== undefined && { violations }),
    ...(problem.error !== undefined && { error: problem.error }),
    ...(problem.details !== undefined && { details: problem.details }),
    ...(isPotterError(error) && error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  };
  // Without `originalError`: servers that print it for debugging would disclose it.
  return new GraphQLError(problem.detail ?? problem.title, { nodes: nodes ?? null, path: path ?? null, extensions });
}
