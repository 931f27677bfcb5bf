// What a compiler hands over: linked descriptors, options, comments, places in the source. Knows no role and no rule.
export { readComment } from "./comments.js";
export { readOption } from "./option.js";
export { readRequest, readSource, RequestError, type Source } from "./request.js";
export { fileOf, pathOf, readLocation } from "./source-info.js";
