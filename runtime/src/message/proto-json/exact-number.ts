import type { JsonValue } from "@bufbuild/protobuf";
import { newId } from "../id.js";

/**
 * A number of a JSON text that a JavaScript number would round. It stands in the parsed JSON in place of the number, so that
 * a 64-bit field can read all of its digits, and a `double` the nearest value.
 */
export class ExactNumber {
  readonly #literal: string;

  constructor(literal: string) {
    this.#literal = literal;
  }

  /** Decimal digits where the number is whole, else the literal as it was written. */
  toDigits(): string {
    return toWhole(this.#literal) ?? this.#literal;
  }

  toNumber(): number {
    return Number(this.#literal);
  }
}

/**
 * What every number that may be rounded has: 16 digits in a row, or nine before an exponent. Fewer digits than that are exact in
 * every 64-bit integer.
 */
const suspicion = /[\d.]{16}|[\d.]{9}[eE]/;

/** As `JSON.parse`, but a whole number that would lose digits becomes an `ExactNumber`. Throws a SyntaxError as that does. */
export function parseExactJson(text: string): JsonValue {
  if (!suspicion.test(text)) return JSON.parse(text) as JsonValue;
  // A text of the caller must not be taken for one of ours.
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

/** The numbers of a JSON text, outside strings. */
function* readNumbers(text: string): Generator<{ readonly index: number; readonly literal: string }> {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = findStringEnd(text, at);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      numberLiteral.lastIndex = at;
      const literal = numberLiteral.exec(text)?.[0];
      // Malformed: JSON.parse says so.
      if (literal === undefined) return;
      yield { index: at, literal };
      at += literal.length - 1;
    }
  }
}

/** Where the string ends that begins at a quote; the end of the text where it does not end. */
export function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === 0x5c) before--;
  return (at - before) % 2 === 0;
}

/** Whether a 64-bit integer could be read from the rounded number that is not the one written. */
function isRounded(literal: string): boolean {
  const rounded = Number(literal);
  // A fraction is refused by integers and rounded by design elsewhere; beyond 64 bits every integer refuses.
  if (!Number.isInteger(rounded) || Math.abs(rounded) > 2 ** 64) return false;
  return toWhole(literal) !== String(BigInt(rounded));
}

/** The digits of a literal that stands for a whole number of at most 64 bits. */
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
