/**
 * Part of a pattern: a literal, an escape or a class, and how often. Only what means the same in RE2, which CEL
 * prescribes, and in JavaScript; `\s` and `\b` do not.
 */
const element =
  /(?:[\w\-/:@,;=<>~%&#!'" ]|\\[dw.\-/+*?()[\]{}|^$\\]|\[\^?(?:[\w\-.:@/+ ]|\\[dw.\-/+\]\\])+\])([*+?]|\{\d+(?:,\d*)?\})?/y;

/**
 * A pattern of RE2 as a regular expression of JavaScript, if it is of a simple kind: anchored, without groups and
 * alternatives, and with one repetition without a small bound at most, so that it cannot backtrack for long.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  if (!pattern.startsWith("^")) return undefined;
  const end = pattern.endsWith("$") && !pattern.endsWith("\\$") ? pattern.length - 1 : pattern.length;
  let long = 0;
  element.lastIndex = 1;
  while (element.lastIndex < end) {
    const match = element.exec(pattern);
    if (match === null || element.lastIndex > end) return undefined;
    if (isLong(match[1])) long++;
  }
  if (long > 1) return undefined;
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

function isLong(quantifier: string | undefined): boolean {
  if (quantifier === undefined || quantifier === "?") return false;
  const [, least = "", most] = /^\{(\d+)(?:,(\d*))?\}$/.exec(quantifier) ?? [];
  if (least === "") return true;
  return most === "" || (most !== undefined && Number(most) - Number(least) > 8);
}
