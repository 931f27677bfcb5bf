// The plugin options, and what they select: the services of each document and the elements it shows.
export { Filter } from "./filter.js";
export { type OpenApiOptions, openapiOptions } from "./options.js";
export { listScopes, type Scope } from "./scope.js";
