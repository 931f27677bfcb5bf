// The names in a schema, and the lock that keeps the names clients use. Builds no GraphQL types.
export {
  isName,
  lowerFirst,
  NameScope,
  toCamelCase,
  toFieldName,
  toName,
  toOneofName,
  toTypeName,
  upperFirst,
} from "./graphql-name.js";
export { checkLock, type Lock, type Named, parseLock, partOf, printLock } from "./lock.js";
export { findNameOwners } from "./name-owners.js";
export { RootNames } from "./root-names.js";
export { TypeNames } from "./type-names.js";
