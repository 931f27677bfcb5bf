// Page tokens: their encryption, their secrets, and the list that each belongs to. Knows neither rows nor transports.
export { type ListCall, listOf } from "./list-of.js";
export { maxTokenLength, PageTokenCodec } from "./page-token-codec.js";
export { type PageTokenOptions, type PageTokens, pageTokensBy, pageTokensFrom, randomSecret } from "./page-tokens.js";
export { invalidPage } from "./refusal.js";
export { sha256 } from "./sha256.js";
