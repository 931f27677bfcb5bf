// What generated clients import: the functions that describe methods. Its name has a version, so that clients generated earlier
// continue to work when a later release describes them differently.
export { type EventType, eventType, type ReadModel, readModel } from "../contract/index.js";
export {
  type BidiStream,
  bidiStream,
  type ClientStream,
  type Command,
  clientStream,
  command,
  type PagedQuery,
  pagedQuery,
  type Query,
  query,
  type ServerStream,
  type Service,
  serverStream,
  service,
} from "../methods/index.js";
