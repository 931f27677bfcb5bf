import fc from "fast-check";
import type { RuleValues } from "./read-rules.js";
import { textsOf } from "./texts.js";

interface Lengths {
  readonly minLength: number;
  readonly maxLength: number;
}

/** The maximum length: on texts of megabytes the regular expressions of V8 exhaust the stack. */
export const longest = 100_000;

function lengths(values: RuleValues, most = 12): Lengths {
  const { len, min_len: min, max_len: max } = values as Readonly<Record<string, bigint | undefined>>;
  const least = Number(len ?? min ?? 0n);
  return { minLength: least, maxLength: Math.min(Number(len ?? max ?? least + most), Math.max(longest, least)) };
}

/** Strings under rules; without rules, of all characters. */
export function arbitraryString(values: RuleValues): fc.Arbitrary<string> {
  const { const: only, in: some, pattern, prefix = "", suffix = "", contains = "" } = values as Record<string, string>;
  if (only !== undefined) return fc.constant(only);
  if (some !== undefined) return fc.constantFrom(...(some as unknown as string[]));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const texts = textsOf(values);
  if (texts !== undefined) return fc.constantFrom(...texts);
  const { len_bytes: bytes, min_bytes: minBytes, max_bytes: maxBytes } = values as Record<string, bigint | undefined>;
  if (bytes !== undefined) return ofBytes(Number(bytes));
  if (minBytes !== undefined || maxBytes !== undefined) {
    const [low, high] = [Number(minBytes ?? 0n), Number(maxBytes ?? (minBytes ?? 0n) + 8n)];
    return fc.integer({ min: low, max: high }).chain(ofBytes);
  }
  const fixed = [...(prefix + suffix + contains)].length;
  const { minLength, maxLength } = lengths(values);
  const range = { minLength: Math.max(0, minLength - fixed), maxLength: Math.max(0, maxLength - fixed) };
  const middle = fc.oneof(
    fc.string({ ...range, unit: "binary" }),
    fc.string({ ...range, unit: "grapheme-ascii" }),
    fc.string({
      ...range,
      unit: fc.constantFrom("😀", "\u0000", "\n", '"', "\\", "\u2028", "é", "__proto__"[0] ?? ""),
    }),
  );
  return fc
    .tuple(middle, fc.boolean())
    .map(([text, first]) => prefix + (first ? contains + text : text + contains) + suffix);
}

/** Texts of a number of bytes, some of fewer characters. */
function ofBytes(count: number): fc.Arbitrary<string> {
  const options = ["a".repeat(count)];
  if (count >= 2) options.push(`é${"b".repeat(count - 2)}`);
  if (count >= 4) options.push(`😀${"c".repeat(count - 4)}`);
  return fc.constantFrom(...options);
}

/** Bytes under rules. */
export function arbitraryBytes(values: RuleValues): fc.Arbitrary<Uint8Array> {
  const { const: only, in: some, prefix, suffix, contains, pattern } = values as Record<string, Uint8Array>;
  if (only !== undefined) return fc.constant(only);
  if (some !== undefined) return fc.constantFrom(...(some as unknown as Uint8Array[]));
  if (pattern !== undefined) {
    return fc.stringMatching(new RegExp(String(pattern))).map((text) => new TextEncoder().encode(text));
  }
  const sizes = [
    ...(values["ip"] || values["ipv4"] ? [4] : []),
    ...(values["ip"] || values["ipv6"] || values["uuid"] ? [16] : []),
  ];
  if (sizes.length > 0) {
    return fc.constantFrom(...sizes).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
  }
  const joined = (middle: Uint8Array) =>
    Uint8Array.from([prefix, contains, middle, suffix].flatMap((part) => [...(part ?? [])]));
  return fc.uint8Array(lengths(values)).map(joined);
}
