import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  subscribe,
} from "graphql";
import type { Logger } from "../../../cqrs/index.js";
import { toGraphQLError } from "../schema/index.js";
import type { Operation } from "./documents.js";
import { withCode } from "./refusal.js";
import type { OperationRequest } from "./request.js";

/** Carries out an operation. Of what fails unforeseen only the log is told. */
export function carryOut(
  schema: GraphQLSchema,
  { node, document, compiled }: Operation,
  variables: OperationRequest["variables"],
  contextValue: unknown,
  logger: Logger,
): ExecutionResult | Promise<ExecutionResult> {
  const result =
    compiled?.(variables, contextValue) ??
    execute({
      schema,
      document,
      contextValue,
      operationName: node.name?.value ?? null,
      variableValues: variables,
    });
  return "then" in result ? result.then((one) => tell(one, logger)) : tell(result, logger);
}

/** Opens a subscription. Not by a generator: its `return()` would wait for an event that may never come. */
export async function follow(
  schema: GraphQLSchema,
  { node, document, compiled }: Operation,
  variables: OperationRequest["variables"],
  contextValue: unknown,
  logger: Logger,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const operationName = node.name?.value ?? null;
  const args = { schema, document, contextValue, operationName, variableValues: variables };
  const source: AsyncIterable<unknown> | ExecutionResult = await (compiled === undefined
    ? subscribe(args)
    : createSourceEventStream(args));
  if (!(Symbol.asyncIterator in source)) {
    if (source.errors === undefined) return source;
    const told = source.errors.map((one) => (one.path ? toClient(one, logger) : withCode(one, "invalid_argument")));
    return { errors: told };
  }
  const events = source[Symbol.asyncIterator]();
  const answer = (
    step: IteratorResult<unknown>,
  ): IteratorResult<ExecutionResult> | Promise<IteratorResult<ExecutionResult>> => {
    if (step.done === true) return { done: true, value: undefined };
    // graphql-js has executed it by itself.
    const result = compiled?.(variables, contextValue, step.value) ?? (step.value as ExecutionResult);
    if ("then" in result) return result.then((one) => ({ done: false, value: tell(one, logger) }));
    return { done: false, value: tell(result, logger) };
  };
  const results: AsyncIterableIterator<ExecutionResult> = {
    next: () => events.next().then(answer),
    return: async () => {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

function tell(result: ExecutionResult, logger: Logger): ExecutionResult {
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
