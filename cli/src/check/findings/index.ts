// What a comparison finds: the catalogue of codes, places, the collector. Contains no rule.
export { type ArgsOf, catalogue, entryOf, type FindingCode } from "./catalogue.js";
export { Findings, inBase, inHead, placeOf, sortFindings, type Where } from "./collector.js";
export type { FindingEntry } from "./entry.js";
export { type Finding, type Place, type Severity, type Surface, severities, surfaces } from "./finding.js";
export { describeGraphQLChange, type GraphQLChange, graphqlChanges, graphqlCode } from "./graphql-catalogue.js";
export { wireCode, wireRules } from "./wire-catalogue.js";
