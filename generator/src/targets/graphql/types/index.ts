// The GraphQL types of messages, enums, oneofs and maps, each built once. Knows no root type.
export { bindConnection, pageArguments } from "./connection.js";
export { deprecate, describe } from "./descriptions.js";
export { buildInputs } from "./input-object.js";
export { listOutputMembers } from "./members.js";
export { messageTypeOf, outputTypeOf } from "./output-type.js";
export { placeholder, placeholderField } from "./placeholder.js";
export { SchemaTypes } from "./schema-types.js";
export type { Types } from "./types.js";
