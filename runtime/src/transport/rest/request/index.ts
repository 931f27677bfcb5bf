// From a request to its message: path, query and body. Headers that describe the call are in http/headers.
export { ParameterError } from "./parameter-error.js";
export { type ReadBody, RequestFormats } from "./request-formats.js";
export { RequestReader, type RequestReaderOptions } from "./request-reader.js";
