import { PotterError } from "../../errors/index.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const special = /[\u0000\u0001]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const suspect = /[\u0000\u0001\ud800-\udfff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const escaped = /\u0001([\u0001\u0002])/g;
/** With the flag `u`, a pair of surrogates is one character, and only half of one matches. */
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Escapes text for PostgreSQL, which stores U+0000 in neither text nor jsonb. U+0000 becomes U+0001 U+0001, and U+0001
 * becomes U+0001 U+0002: distinct texts stay distinct and keep their order. Throws for half of a surrogate pair, which
 * has no UTF-8 form.
 */
export function escapeNul(text: string): string {
  if (!suspect.test(text)) return text;
  if (loneSurrogate.test(text)) {
    throw new PotterError("invalid_argument", "expected well-formed Unicode, found half of a surrogate pair");
  }
  return text.replace(special, (char) => (char === "\0" ? "\u0001\u0001" : "\u0001\u0002"));
}

/** Reverses {@link escapeNul}. */
export function unescapeNul(text: string): string {
  return text.includes("\u0001") ? text.replace(escaped, (_, char) => (char === "\u0001" ? "\0" : "\u0001")) : text;
}
