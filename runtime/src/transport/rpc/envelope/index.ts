// Messages with their prefix of five bytes, read from a body in one piece or in chunks. Knows no protocol.
export {
  compressedFlag,
  type Envelope,
  messageTooLarge,
  prefixLength,
  truncated,
  writeEnvelope,
} from "./envelope.js";
export { EnvelopeReader } from "./envelope-reader.js";
export { notOneMessage, readSingleEnvelope } from "./single-envelope.js";
