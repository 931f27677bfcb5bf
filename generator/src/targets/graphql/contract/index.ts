// What of the contract goes into a schema: scopes, entities, id fields, pages, scalars, and the bindings of a generated
// module. Builds no GraphQL types.
export {
  Bindings,
  type ConnectionBinding,
  type EntityBinding,
  type EventsBinding,
  type InputField,
  type LookupBinding,
  type MethodBinding,
  type ObjectField,
  type UnionMember,
} from "./bindings.js";
export { Entities, fieldsOf } from "./entities.js";
export { findIds, findNeededIds } from "./id-fields.js";
export { findPaging, type Paging } from "./paging.js";
export { findPartial } from "./partial-messages.js";
export { presenceOf } from "./presence.js";
export { id, json, scalarNames, scalarOf, scalarOfMessage, timestamp } from "./scalars.js";
export { listScopes, type Scope, wholeOf } from "./scope.js";
