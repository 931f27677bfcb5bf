import { GraphQLError } from "graphql";
import type { GraphQLContext } from "./context.js";
import { toGraphQLError } from "./graphql-error.js";

/** What a client is told of an error. */
export function toClient(error: unknown, context: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return toGraphQLError(error, { correlationId: (context as GraphQLContext | undefined)?.call?.correlationId });
}
