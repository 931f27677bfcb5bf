// ProtoJSON as types of TypeScript: what the service writes, and a part of what it reads. Knows no service.

export { jsonTypeName, messagesPath } from "./json-names.js";
export { type DeclaredTypes, fieldType, messageType } from "./json-type.js";
export { noteFormat } from "./note-format.js";
export { isSpecial } from "./special-types.js";
