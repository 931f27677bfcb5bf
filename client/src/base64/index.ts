// Bytes as text.
export { fromBase64, toBase64 } from "./base64.js";
