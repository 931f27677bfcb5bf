// From the result of a call to a response: status, headers, body and its format. Streams are in streams/.
export { createBodyWriter } from "./body-writer.js";
export { type ResponseFormat, ResponseFormats } from "./response-formats.js";
export { type ResponseOptions, ResponseWriter } from "./response-writer.js";
