// Headers that mean the same to every transport: what a call is, media types, entity tags. No bodies.
export { chooseType } from "./accept.js";
export { addMetadata, toFields } from "./add-metadata.js";
export { cacheControlOf, isUnchanged, varyOf } from "./caching.js";
export {
  type CallKind,
  correlationIdOf,
  RequestCall,
  readCommandId,
  readCorrelationId,
  readExpectedVersion,
  readRequestTimeout,
  readWait,
} from "./call-headers.js";
export { isJsonType, isUtf8Type, toMediaType } from "./content-type.js";
export { hasEntityTag, readEntityTags, toBodyTag, toVersionTag } from "./entity-tags.js";
