// Bodies of requests: content codings, strict JSON, and the port of other formats.
export { appendChunk } from "./append-chunk.js";
export type { BodyFormat } from "./body-format.js";
export {
  type ContentCoding,
  inflate,
  isRawDeflate,
  notEncoded,
  platformCodings,
  readAll,
  readContentCoding,
} from "./content-coding.js";
export { readJsonText } from "./json-text.js";
