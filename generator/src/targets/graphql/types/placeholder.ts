import { GraphQLBoolean } from "graphql";

/** The field of a type that has none: GraphQL wants one. */
export const placeholder = "_";

const description = "Always null. The message has no fields, and GraphQL wants one.";

export const placeholderField = { [placeholder]: { type: GraphQLBoolean, description } };

/** The same, where there are others by now. */
export const keptPlaceholder = {
  [placeholder]: { type: GraphQLBoolean, description, deprecationReason: "The type has other fields now." },
};
