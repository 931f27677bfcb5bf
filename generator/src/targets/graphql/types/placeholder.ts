import { GraphQLBoolean } from "graphql";

/** The field of a type without fields, which GraphQL forbids. */
export const placeholder = "_";

const description = "Always null. The message has no fields, and GraphQL wants one.";

export const placeholderField = { [placeholder]: { type: GraphQLBoolean, description } };

/** The placeholder of a type that has gained fields. */
export const keptPlaceholder = {
  [placeholder]: { type: GraphQLBoolean, description, deprecationReason: "The type has other fields now." },
};
