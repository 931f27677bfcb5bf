import { type Check, fallback, isEqual, withExpression } from "./check.js";
import { compilePattern } from "./compile-pattern.js";

/** Compiles the check of a string by one rule. */
export function compileStringRule(name: string, rule: unknown): Check {
  const check = (compileCheck(name, rule) as Check | undefined) ?? fallback;
  const size = Number(rule);
  switch (name) {
    case "const":
      return isEqual(rule);
    case "minLen":
      return withExpression(
        check,
        // Every text but the empty one has a code point.
        (text, refer) =>
          size === 1 ? `${text}.length>0` : `${text}.length>=${2 * size}||${refer(countCodePoints)}(${text})>=${size}`,
      );
    case "maxLen":
      return withExpression(
        check,
        (text, refer) => `${text}.length<=${size}||${refer(countCodePoints)}(${text})<=${size}`,
      );
  }
  const format = rule === true && Object.hasOwn(formats, name) ? formats[name] : undefined;
  return format === undefined ? check : withExpression(check, (text, refer) => `${refer(format)}.test(${text})`);
}

function compileCheck(name: string, rule: unknown): ((text: string) => boolean) | undefined {
  if (Object.hasOwn(formats, name)) {
    const format = formats[name] as RegExp;
    return rule === true ? (text) => format.test(text) : () => true;
  }
  const size = Number(rule);
  const part = rule as string;
  const texts = rule as readonly string[];
  switch (name) {
    case "len":
      return (text) => countCodePoints(text) === size;
    case "minLen":
      // A code point is one or two units.
      return (text) => text.length >= 2 * size || countCodePoints(text) >= size;
    case "maxLen":
      return (text) => text.length <= size || countCodePoints(text) <= size;
    case "prefix":
      return (text) => text.startsWith(part);
    case "suffix":
      return (text) => text.endsWith(part);
    case "contains":
      return (text) => text.includes(part);
    case "notContains":
      return (text) => !text.includes(part);
    case "in":
      return (text) => texts.includes(text);
    case "notIn":
      return (text) => !texts.includes(text);
    case "pattern": {
      const pattern = compilePattern(part);
      return pattern === undefined ? undefined : (text) => pattern.test(text);
    }
  }
  return undefined;
}

/** Counts as `size()` of CEL does. */
function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Each matches only valid strings, but need not match rare forms. */
const formats: Readonly<Record<string, RegExp>> = {
  email:
    /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/,
  uuid: /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
  tuuid: /^[0-9a-fA-F]{32}$/,
  ulid: /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/,
  ipv4: /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/,
  // The last label starts with a letter, so that no IPv4 address matches.
  hostname: /^(?=.{1,253}$)([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
};
