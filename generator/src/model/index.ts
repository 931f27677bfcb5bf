// The service model: built from descriptors once, with every name resolved, then frozen. Knows no output.
export { buildModel } from "./build.js";
export { messagesOf } from "./contract.js";
export { isIdType } from "./id-field.js";
export type * from "./model.js";
export { type PathTemplate, type PathTemplateError, parsePathTemplate } from "./path-template.js";
export {
  isPersonal,
  optionNumbers,
  readFieldOptions,
  readMessageRoles,
  readMethodRoles,
  readServiceOptions,
} from "./roles.js";
