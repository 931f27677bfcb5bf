import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  subscribe,
} from "graphql";
import { type Logger, logFault } from "../../../cqrs/index.js";
import { toGraphQLError } from "../context/index.js";
import type { CheckedOperation } from "./documents.js";
import type { OperationRequest } from "./operation-request.js";
import { withCode } from "./request-error.js";

/** What all operations of an engine share. */
export interface RunnerDependencies {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** Converts an error of the request to the one that clients see. */
  toRequestError(error: GraphQLError): GraphQLError;
}

/** Executes a query or a mutation. Logs unexpected errors and hides them from clients. */
export function runOperation(
  dependencies: RunnerDependencies,
  { node, document, compiled }: CheckedOperation,
  variables: OperationRequest["variables"],
  contextValue: unknown,
): ExecutionResult | Promise<ExecutionResult> {
  const result =
    compiled?.(variables, contextValue) ??
    execute({
      schema: dependencies.schema,
      document,
      contextValue,
      operationName: node.name?.value ?? null,
      variableValues: variables,
    });
  return "then" in result
    ? result.then((one) => toClientResult(one, dependencies))
    : toClientResult(result, dependencies);
}

/** Opens a subscription. Not a generator, whose `return()` would wait for an event that may never come. */
export async function openSubscription(
  dependencies: RunnerDependencies,
  { node, document, compiled }: CheckedOperation,
  variables: OperationRequest["variables"],
  contextValue: unknown,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const operationName = node.name?.value ?? null;
  const args = { schema: dependencies.schema, document, contextValue, operationName, variableValues: variables };
  const source: AsyncIterable<unknown> | ExecutionResult = await (compiled === undefined
    ? subscribe(args)
    : createSourceEventStream(args));
  if (!(Symbol.asyncIterator in source)) {
    if (source.errors === undefined) return source;
    const errors = source.errors.map((one) =>
      one.path ? toClient(one, dependencies.logger) : dependencies.toRequestError(one),
    );
    return { errors };
  }
  const events = source[Symbol.asyncIterator]();
  const answer = (
    step: IteratorResult<unknown>,
  ): IteratorResult<ExecutionResult> | Promise<IteratorResult<ExecutionResult>> => {
    if (step.done === true) return { done: true, value: undefined };
    // Without a compiled operation, graphql-js has executed the event already.
    const result = compiled?.(variables, contextValue, step.value) ?? (step.value as ExecutionResult);
    if ("then" in result) return result.then((one) => ({ done: false, value: toClientResult(one, dependencies) }));
    return { done: false, value: toClientResult(result, dependencies) };
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

function toClientResult(result: ExecutionResult, dependencies: RunnerDependencies): ExecutionResult {
  if (result.errors === undefined) return result;
  // Without data nothing was executed: the error is in the request.
  if (!("data" in result)) return { errors: result.errors.map((error) => dependencies.toRequestError(error)) };
  return { ...result, errors: result.errors.map((error) => toClient(error, dependencies.logger)) };
}

function toClient(error: GraphQLError, logger: Logger): GraphQLError {
  const { originalError: cause, nodes, path } = error;
  if (cause === undefined || cause instanceof GraphQLError) {
    // An error with a code is meant for clients.
    if (error.extensions["code"] !== undefined) return error;
    // Errors of arguments contain only what the document contains. Others of graphql-js may contain values of the server.
    if (cause?.nodes?.every(({ kind }) => kind !== Kind.FIELD)) return withCode(error, "invalid_argument");
  }
  const clientError = toGraphQLError(cause ?? error, { ...(nodes && { nodes }), ...(path && { path }) });
  logFault(logger, "a GraphQL field failed", cause ?? error, { path: path?.join(".") });
  return clientError;
}
