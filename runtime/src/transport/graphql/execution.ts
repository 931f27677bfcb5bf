import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema, subscribe } from "graphql";
import type { Logger } from "../../cqrs/index.js";
import type { Checked } from "./documents.js";
import { writeEvents } from "./event-stream.js";
import { withCode } from "./refusal.js";
import type { RequestParams } from "./request-params.js";
import { toGraphQLError } from "./schema/index.js";

type Document = Extract<Checked, { readonly document: unknown }>["document"];

/** Carries out an operation. Of what fails unforeseen only the log is told. */
export async function carryOut(
  schema: GraphQLSchema,
  document: Document,
  { operationName, variables }: RequestParams,
  contextValue: unknown,
  logger: Logger,
): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    contextValue,
    operationName: operationName ?? null,
    variableValues: variables,
  });
  return toAnswer(result, logger);
}

/** Opens a subscription: its server-sent events, or the result that says why there are none. */
export async function openEvents(
  schema: GraphQLSchema,
  document: Document,
  { operationName, variables }: RequestParams,
  contextValue: unknown,
  logger: Logger,
): Promise<AsyncIterable<string> | ExecutionResult> {
  const result = await subscribe({
    schema,
    document,
    contextValue,
    operationName: operationName ?? null,
    variableValues: variables,
  });
  if (!(Symbol.asyncIterator in result)) {
    return result.errors === undefined
      ? result
      : {
          errors: result.errors.map((error) =>
            error.path ? toClient(error, logger) : withCode(error, "invalid_argument"),
          ),
        };
  }
  const toFailure = (error: unknown): ExecutionResult => {
    const told = toGraphQLError(error);
    if (told.extensions["code"] === "INTERNAL") logger.error("a GraphQL subscription failed", { error });
    return { errors: [told] };
  };
  return writeEvents(result[Symbol.asyncIterator](), (item) => toAnswer(item, logger), toFailure);
}

function toAnswer(result: ExecutionResult, logger: Logger): ExecutionResult {
  if (result.errors === undefined) return result;
  // Without data nothing was executed: the fault is in the request.
  if (!("data" in result)) return { errors: result.errors.map((error) => withCode(error, "invalid_argument")) };
  return { ...result, errors: result.errors.map((error) => toClient(error, logger)) };
}

function toClient(error: GraphQLError, logger: Logger): GraphQLError {
  const { originalError: cause, nodes, path } = error;
  if (cause === undefined || cause === null || cause instanceof GraphQLError) return withCode(error, "internal");
  const told = toGraphQLError(cause, { ...(nodes && { nodes }), ...(path && { path }) });
  if (told.extensions["code"] === "INTERNAL")
    logger.error("a GraphQL field failed", { path: path?.join("."), error: cause });
  return told;
}
