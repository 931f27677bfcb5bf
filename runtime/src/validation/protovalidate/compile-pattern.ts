/**
 * One element of a pattern: a literal, an escape or a class, with a quantifier. Only syntax with the same meaning in JavaScript
 * and in RE2, which CEL prescribes; `\s` and `\b` differ.
 */
const element =
  /(?:[\w\-/:@,;=<>~%&#!'" ]|\\[dw.\-/+*?()[\]{}|^$\\]|\[\^?(?:[\w\-.:@/+ ]|\\[dw.\-/+\]\\])+\])([*+?]|\{\d+(?:,\d*)?\})?/y;

/**
 * Compiles a pattern of RE2 to a JavaScript regular expression; undefined unless it is simple: anchored, without groups and
 * alternatives, and with at most one quantifier without a small bound, so that it cannot backtrack excessively.
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
