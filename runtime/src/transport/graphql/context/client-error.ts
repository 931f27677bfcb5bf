import { GraphQLError } from "graphql";
import type { GraphQLContext } from "./context.js";
import { toGraphQLError } from "./graphql-error.js";

/** Converts an error to the one that clients see, with the correlation id of the call. */
export function toClientError(error: unknown, context: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return toGraphQLError(error, { correlationId: (context as GraphQLContext | undefined)?.call?.correlationId });
}
