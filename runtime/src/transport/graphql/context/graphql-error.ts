import { GraphQLError, type GraphQLErrorExtensions, type GraphQLErrorOptions } from "graphql";
import { isPotterError, type Violation } from "../../../errors/index.js";
import { toProblem } from "../../../http/index.js";

/** What `extensions` say of an error: the same facts as a problem over REST. */
export interface PotterErrorExtensions extends GraphQLErrorExtensions {
  /** The canonical code in capitals: `NOT_FOUND`. */
  readonly code: string;
  /** `urn:proto:` and the full name of a declared error; absent for all others. */
  readonly type?: string;
  /** To ask about this call: the log has it too. */
  readonly correlationId?: string;
  /** Each thing that is wrong with the arguments; `field` is a path in the request's proto names. */
  readonly violations?: readonly Violation[];
  /** The declared error as ProtoJSON, with its type as `@type`. */
  readonly error?: Readonly<Record<string, unknown>>;
  /** After how many seconds another try makes sense. */
  readonly retryAfter?: number;
}

/** Where an error happened, as far as it is known. */
export interface ErrorPlace extends Pick<GraphQLErrorOptions, "nodes" | "path"> {
  readonly correlationId?: string | undefined;
}

/**
 * The error that a client is told of. Code, message and details are those of the problem that REST answers with; of what
 * is not a PotterError nothing is told but that the server failed.
 */
export function toGraphQLError(error: unknown, place: ErrorPlace = {}): GraphQLError {
  const { correlationId, nodes, path } = place;
  const problem = toProblem(error, { correlationId });
  const violations = problem.violations === undefined ? undefined : (error as { violations: Violation[] }).violations;
  const extensions: PotterErrorExtensions = {
    code: problem.code.toUpperCase(),
    ...(problem.type !== "about:blank" && { type: problem.type }),
    ...(problem.correlationId !== undefined && { correlationId: problem.correlationId }),
    ...(violations !== undefined && { violations }),
    ...(problem.error !== undefined && { error: problem.error }),
    ...(isPotterError(error) && error.retryAfter !== undefined && { retryAfter: Math.ceil(error.retryAfter / 1000) }),
  };
  // The original error is left out: servers that print it for debugging would show what callers may not see.
  return new GraphQLError(problem.detail ?? problem.title, { nodes: nodes ?? null, path: path ?? null, extensions });
}
