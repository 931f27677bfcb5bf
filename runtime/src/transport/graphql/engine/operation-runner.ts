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
import type { Operation } from "./documents.js";
import type { OperationRequest } from "./operation-request.js";
import { withCode } from "./request-error.js";

/** What all operations of an engine have in common. */
export interface Surroundings {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** What a client is told of what is wrong with its request. */
  toRefusal(error: GraphQLError): GraphQLError;
}

/** Carries out an operation. Of what fails unforeseen only the log is told. */
export function carryOut(
  around: Surroundings,
  { node, document, compiled }: Operation,
  variables: OperationRequest["variables"],
  contextValue: unknown,
): ExecutionResult | Promise<ExecutionResult> {
  const result =
    compiled?.(variables, contextValue) ??
    execute({
      schema: around.schema,
      document,
      contextValue,
      operationName: node.name?.value ?? null,
      variableValues: variables,
    });
  return "then" in result ? result.then((one) => tell(one, around)) : tell(result, around);
}

/** Opens a subscription. Not by a generator: its `return()` would wait for an event that may never come. */
export async function follow(
  around: Surroundings,
  { node, document, compiled }: Operation,
  variables: OperationRequest["variables"],
  contextValue: unknown,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const operationName = node.name?.value ?? null;
  const args = { schema: around.schema, document, contextValue, operationName, variableValues: variables };
  const source: AsyncIterable<unknown> | ExecutionResult = await (compiled === undefined
    ? subscribe(args)
    : createSourceEventStream(args));
  if (!(Symbol.asyncIterator in source)) {
    if (source.errors === undefined) return source;
    const told = source.errors.map((one) => (one.path ? toClient(one, around.logger) : around.toRefusal(one)));
    return { errors: told };
  }
  const events = source[Symbol.asyncIterator]();
  const answer = (
    step: IteratorResult<unknown>,
  ): IteratorResult<ExecutionResult> | Promise<IteratorResult<ExecutionResult>> => {
    if (step.done === true) return { done: true, value: undefined };
    // graphql-js has executed it by itself.
    const result = compiled?.(variables, contextValue, step.value) ?? (step.value as ExecutionResult);
    if ("then" in result) return result.then((one) => ({ done: false, value: tell(one, around) }));
    return { done: false, value: tell(result, around) };
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

function tell(result: ExecutionResult, around: Surroundings): ExecutionResult {
  if (result.errors === undefined) return result;
  // Without data nothing was executed: the fault is in the request.
  if (!("data" in result)) return { errors: result.errors.map((error) => around.toRefusal(error)) };
  return { ...result, errors: result.errors.map((error) => toClient(error, around.logger)) };
}

function toClient(error: GraphQLError, logger: Logger): GraphQLError {
  const { originalError: cause, nodes, path } = error;
  if (cause === undefined || cause instanceof GraphQLError) {
    // Whoever gives an error a code says what clients are told.
    if (error.extensions["code"] !== undefined) return error;
    // Of arguments graphql-js tells what the document has. All else that it says may have values in it that nobody has asked for.
    if (cause?.nodes?.every(({ kind }) => kind !== Kind.FIELD)) return withCode(error, "invalid_argument");
  }
  const told = toGraphQLError(cause ?? error, { ...(nodes && { nodes }), ...(path && { path }) });
  logFault(logger, "a GraphQL field failed", cause ?? error, { path: path?.join(".") });
  return told;
}
