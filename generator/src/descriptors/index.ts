// The input of a compiler: linked descriptors, options, comments, source locations. Knows no role and no rule.
export { readComment } from "./comments.js";
export { type ExternalOption, readExternalOption } from "./external-option.js";
export { readForeignValue } from "./external-value.js";
export { type EncodedFile, Linker } from "./linker.js";
export { oncePer } from "./once.js";
export { readOption } from "./option.js";
export { listOptionFields } from "./option-fields.js";
export { RequestError, readRequest, readSource, relink, type Source } from "./request.js";
export { resolveName } from "./resolve-name.js";
export { fileOf, pathOf, readExtent, readLocation } from "./source-info.js";
