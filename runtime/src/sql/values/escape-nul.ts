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
 * Text as PostgreSQL can keep it: neither text nor jsonb may hold U+0000. It becomes U+0001 U+0001, and U+0001
 * becomes U+0001 U+0002, so that no two texts become one and their order stays. Half a surrogate pair has no
 * UTF-8 form and is refused.
 */
export function escapeNul(text: string): string {
  if (!suspect.test(text)) return text;
  if (loneSurrogate.test(text)) {
    throw new PotterError("invalid_argument", "expected well-formed Unicode, found half of a surrogate pair");
  }
  return text.replace(special, (char) => (char === "\0" ? "\u0001\u0001" : "\u0001\u0002"));
}

/** What {@link escapeNul} was given. */
export function unescapeNul(text: string): string {
  return text.includes("\u0001") ? text.replace(escaped, (_, char) => (char === "\u0001" ? "\0" : "\u0001")) : text;
}
