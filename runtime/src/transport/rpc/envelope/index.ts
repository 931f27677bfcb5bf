// Messages with their prefix of five bytes, read from a body in one piece or in chunks. Knows no protocol.
export { decodeBase64Body, decodeBase64Chunks } from "./base64-body.js";
export {
  compressedFlag,
  type Envelope,
  type EnvelopeRules,
  malformedRequest,
  messageTooLarge,
  prefixLength,
  writeEnvelope,
} from "./envelope.js";
export { EnvelopeReader } from "./envelope-reader.js";
export { readSingleEnvelope } from "./single-envelope.js";
