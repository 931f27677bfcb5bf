// The wire format and JSON of messages, compared by `buf breaking`.
export { compareWire, type WireComparison } from "./breaking.js";
