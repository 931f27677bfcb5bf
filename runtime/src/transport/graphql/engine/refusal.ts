import { GraphQLError } from "graphql";
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
  if (error.extensions["code"] !== undefined) return error;
  const { message, nodes, source, positions, path, extensions } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, code: code.toUpperCase() },
  });
}
