import { GraphQLError, type GraphQLErrorExtensions } from "graphql";
import type { Code } from "../../../errors/index.js";

/** An error of a request, before anything of it is executed. */
export function refusal(code: Code, message: string): GraphQLError {
  return refusalOf(code.toUpperCase(), message);
}

/** One with a code that only GraphQL knows. */
export function refusalOf(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** The error with a code: one that graphql-js makes of a request has none. */
export function withCode(error: GraphQLError, code: Code): GraphQLError {
  const { extensions } = error;
  const message = shorten(error.message);
  if (extensions["code"] !== undefined) return error;
  return change(error, message, { ...extensions, code: code.toUpperCase() });
}

/** graphql-js repeats names and values of a request, which may be as long as it is. */
function shorten(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`;
}

const longestMessage = 500;

/** The error without what graphql-js suggests in place of a name that is not there. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, "");
  if (message === error.message) return error;
  return change(error, message, error.extensions);
}

/** The same error in the same place, with other words. Its original error is left out: servers print it for debugging. */
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
