// Messages below ProtoJSON, for requests and responses: reflection, binary merges, google.api.HttpBody.
export { mergeBinary, writeField } from "./binary-merge.js";
export { createHttpBodyReader, type HttpBody, isHttpBody, writeHttpBody } from "./http-body.js";
export { messageIn, reflectMessage, valueIn } from "./reflect-message.js";
