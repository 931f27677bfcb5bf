import { GraphQLError, type GraphQLErrorExtensions } from "graphql";
import type { Code } from "../../../errors/index.js";

/** An error of a request that is rejected before execution. */
export function requestError(code: Code, message: string): GraphQLError {
  return requestErrorOf(code.toUpperCase(), message);
}

/** An error with a code that only GraphQL has. */
export function requestErrorOf(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** Adds a code to an error of graphql-js, which has none, and shortens its message. */
export function withCode(error: GraphQLError, code: Code): GraphQLError {
  const { extensions } = error;
  const message = shorten(error.message);
  if (extensions["code"] !== undefined) return error;
  return change(error, message, { ...extensions, code: code.toUpperCase() });
}

/** graphql-js repeats names and values of a request, which may be long. */
function shorten(message: string): string {
  return message.length <= maxMessageLength ? message : `${message.slice(0, maxMessageLength)}…`;
}

const maxMessageLength = 500;

/** Removes the suggestion of graphql-js for an unknown name. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, "");
  if (message === error.message) return error;
  return change(error, message, error.extensions);
}

/** Copies an error with another message. Without `originalError`: servers print it for debugging. */
function change(error: GraphQLError, message: string, extensions: GraphQLErrorExtensions): GraphQLError {
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions,
  });
}
