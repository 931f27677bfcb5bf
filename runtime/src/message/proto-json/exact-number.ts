import type { JsonValue } from "@bufbuild/protobuf";
import { newId } from "../id.js";

/**
 * A number of a JSON text that a JavaScript number would round. It replaces the number in the parsed JSON, so that a 64-bit
 * field can read all of its digits, and a `double` the nearest value.
 */
export class ExactNumber {
  readonly #literal: string;

  constructor(literal: string) {
    this.#literal = literal;
  }

  /** Returns the decimal digits if the number is an integer, else the literal as it was written. */
  toDigits(): string {
    return toWhole(this.#literal) ?? this.#literal;
  }

  toNumber(): number {
    return Number(this.#literal);
  }
}

/**
 * Matches every number that may be rounded: 16 digits in a row, or nine before an exponent. A number with fewer digits is exact
 * as every 64-bit integer.
 */
const suspicion = /[\d.]{16}|[\d.]{9}[eE]/;

/** Parses JSON like `JSON.parse`, but an integer that would lose digits becomes an `ExactNumber`. Throws the same SyntaxError. */
export function parseExactJson(text: string): JsonValue {
  if (!suspicion.test(text)) return JSON.parse(text) as JsonValue;
  // The mark is unpredictable, so that no string of the caller can imitate it.
  const mark = newId();
  const numbers: ExactNumber[] = [];
  let marked = "";
  let copied = 0;
  for (const { index, literal } of readNumbers(text)) {
    if (!isRounded(literal)) continue;
    marked += `${text.slice(copied, index)}"${mark}${numbers.length}"`;
    copied = index + literal.length;
    numbers.push(new ExactNumber(literal));
  }
  if (numbers.length === 0) return JSON.parse(text) as JsonValue;
  return JSON.parse(marked + text.slice(copied), (_, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? numbers[Number(value.slice(mark.length))] : value,
  ) as JsonValue;
}

const numberLiteral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;

/** Yields the numbers of a JSON text, outside of strings. */
function* readNumbers(text: string): Generator<{ readonly index: number; readonly literal: string }> {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = findStringEnd(text, at);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      numberLiteral.lastIndex = at;
      const literal = numberLiteral.exec(text)?.[0];
      // Malformed: JSON.parse reports it.
      if (literal === undefined) return;
      yield { index: at, literal };
      at += literal.length - 1;
    }
  }
}

/** Returns where the string ends that begins at a quote, or the length of the text if it is unterminated. */
export function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes precedes the offset. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === 0x5c) before--;
  return (at - before) % 2 === 0;
}

/** Whether the rounded number could be read as another 64-bit integer than the written one. */
function isRounded(literal: string): boolean {
  const rounded = Number(literal);
  // Integer fields refuse fractions, and other fields round them by design. Beyond 64 bits, every integer field refuses.
  if (!Number.isInteger(rounded) || Math.abs(rounded) > 2 ** 64) return false;
  return toWhole(literal) !== String(BigInt(rounded));
}

/** Returns the digits of a literal whose value is an integer of at most 64 bits. */
function toWhole(literal: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = whole + fraction.replace(/0+$/, "");
  const shift = Number(exponent) - (digits.length - whole.length);
  const trailing = /0*$/.exec(digits)?.[0].length ?? 0;
  if (/^0*$/.test(digits)) return "0";
  if (shift < -trailing || shift > 20) return undefined;
  const shifted = shift < 0 ? digits.slice(0, shift) : digits + "0".repeat(shift);
  return String(BigInt(sign + shifted));
}
