/** The kinds of changes that graphql-inspector reports, and the one that it cannot: a schema that is gone. */
export const graphqlChanges = [
  "DIRECTIVE_ADDED",
  "DIRECTIVE_ARGUMENT_ADDED",
  "DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED",
  "DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED",
  "DIRECTIVE_ARGUMENT_REMOVED",
  "DIRECTIVE_ARGUMENT_TYPE_CHANGED",
  "DIRECTIVE_DESCRIPTION_CHANGED",
  "DIRECTIVE_LOCATION_ADDED",
  "DIRECTIVE_LOCATION_REMOVED",
  "DIRECTIVE_REMOVED",
  "DIRECTIVE_REPEATABLE_ADDED",
  "DIRECTIVE_REPEATABLE_REMOVED",
  "DIRECTIVE_USAGE_ARGUMENT_ADDED",
  "DIRECTIVE_USAGE_ARGUMENT_DEFINITION_ADDED",
  "DIRECTIVE_USAGE_ARGUMENT_DEFINITION_REMOVED",
  "DIRECTIVE_USAGE_ARGUMENT_REMOVED",
  "DIRECTIVE_USAGE_ENUM_ADDED",
  "DIRECTIVE_USAGE_ENUM_REMOVED",
  "DIRECTIVE_USAGE_ENUM_VALUE_ADDED",
  "DIRECTIVE_USAGE_ENUM_VALUE_REMOVED",
  "DIRECTIVE_USAGE_FIELD_ADDED",
  "DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED",
  "DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED",
  "DIRECTIVE_USAGE_FIELD_REMOVED",
  "DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_ADDED",
  "DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_REMOVED",
  "DIRECTIVE_USAGE_INPUT_OBJECT_ADDED",
  "DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED",
  "DIRECTIVE_USAGE_INTERFACE_ADDED",
  "DIRECTIVE_USAGE_INTERFACE_REMOVED",
  "DIRECTIVE_USAGE_OBJECT_ADDED",
  "DIRECTIVE_USAGE_OBJECT_REMOVED",
  "DIRECTIVE_USAGE_SCALAR_ADDED",
  "DIRECTIVE_USAGE_SCALAR_REMOVED",
  "DIRECTIVE_USAGE_SCHEMA_ADDED",
  "DIRECTIVE_USAGE_SCHEMA_REMOVED",
  "DIRECTIVE_USAGE_UNION_MEMBER_ADDED",
  "DIRECTIVE_USAGE_UNION_MEMBER_REMOVED",
  "ENUM_VALUE_ADDED",
  "ENUM_VALUE_DEPRECATION_REASON_ADDED",
  "ENUM_VALUE_DEPRECATION_REASON_CHANGED",
  "ENUM_VALUE_DEPRECATION_REASON_REMOVED",
  "ENUM_VALUE_DESCRIPTION_CHANGED",
  "ENUM_VALUE_REMOVED",
  "FIELD_ADDED",
  "FIELD_ARGUMENT_ADDED",
  "FIELD_ARGUMENT_DEFAULT_CHANGED",
  "FIELD_ARGUMENT_DESCRIPTION_CHANGED",
  "FIELD_ARGUMENT_REMOVED",
  "FIELD_ARGUMENT_TYPE_CHANGED",
  "FIELD_DEPRECATION_ADDED",
  "FIELD_DEPRECATION_REASON_ADDED",
  "FIELD_DEPRECATION_REASON_CHANGED",
  "FIELD_DEPRECATION_REASON_REMOVED",
  "FIELD_DEPRECATION_REMOVED",
  "FIELD_DESCRIPTION_ADDED",
  "FIELD_DESCRIPTION_CHANGED",
  "FIELD_DESCRIPTION_REMOVED",
  "FIELD_REMOVED",
  "FIELD_TYPE_CHANGED",
  "INPUT_FIELD_ADDED",
  "INPUT_FIELD_DEFAULT_VALUE_CHANGED",
  "INPUT_FIELD_DESCRIPTION_ADDED",
  "INPUT_FIELD_DESCRIPTION_CHANGED",
  "INPUT_FIELD_DESCRIPTION_REMOVED",
  "INPUT_FIELD_REMOVED",
  "INPUT_FIELD_TYPE_CHANGED",
  "OBJECT_TYPE_INTERFACE_ADDED",
  "OBJECT_TYPE_INTERFACE_REMOVED",
  "SCHEMA_MUTATION_TYPE_CHANGED",
  "SCHEMA_QUERY_TYPE_CHANGED",
  "SCHEMA_REMOVED",
  "SCHEMA_SUBSCRIPTION_TYPE_CHANGED",
  "TYPE_ADDED",
  "TYPE_DESCRIPTION_ADDED",
  "TYPE_DESCRIPTION_CHANGED",
  "TYPE_DESCRIPTION_REMOVED",
  "TYPE_KIND_CHANGED",
  "TYPE_REMOVED",
  "UNION_MEMBER_ADDED",
  "UNION_MEMBER_REMOVED",
] as const;

/** A kind of change of a GraphQL schema. */
export type GraphQLChange = (typeof graphqlChanges)[number];

/** The code of a kind of change: `graphql-field-removed` is `FIELD_REMOVED`. */
export function graphqlCode(change: string): string {
  return `graphql-${change.toLowerCase().replaceAll("_", "-")}`;
}

/** Parts of which an element has one, and others. */
const parts =
  /^(?<owner>.+) (?:(?<only>type|kind|description|default(?: value)?|deprecation(?: reason)?|repeatable)|(?<one>location|interface|member))$/;

/** Says a kind of change in words: `FIELD_ARGUMENT_TYPE_CHANGED` is "the type of a field argument was changed". */
export function describeGraphQLChange(change: GraphQLChange): string {
  if (change === "SCHEMA_REMOVED") return "the schema has no operations any more";
  const words = change.toLowerCase().split("_");
  const verb = words.pop() ?? "";
  return `${describeElement(words.join(" "))} was ${verb}`;
}

function describeElement(words: string): string {
  const [prefix = ""] = /^(?:directive usage|schema) /.exec(words) ?? [];
  const rest = words.slice(prefix.length);
  if (prefix === "schema ") return `the ${rest} of the schema`;
  if (prefix !== "") return `a directive on ${withArticle(rest)}`;
  const { owner, only, one } = parts.exec(words)?.groups ?? {};
  if (owner === undefined) return withArticle(words);
  const part = only === undefined ? withArticle(one ?? "") : `the ${only === "repeatable" ? "word repeatable" : only}`;
  return `${part} of ${withArticle(owner)}`;
}

function withArticle(noun: string): string {
  return `${/^(?:[aeio]|un(?!ion))/.test(noun) ? "an" : "a"} ${noun}`;
}
