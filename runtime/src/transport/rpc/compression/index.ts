// Compressions of messages, by the platform: node:zlib or the Compression standard. Knows no protocol.
export type { Coding, CodingName } from "./coding.js";
export { Compressions } from "./compressions.js";
export { decompress } from "./decompress.js";
export { openEnvelope, sealEnvelope } from "./message-coding.js";
