/** Prints a string literal of TypeScript. */
export function printString(text: string): string {
  // JSON allows two line separators that older engines reject in string literals.
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) => (char === "\u2028" ? "\\u2028" : "\\u2029"));
}

/** Prints a property name, quoted only if necessary. */
export function printProperty(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : printString(name);
}

/** Prints a JSDoc comment, or nothing for an empty text. */
export function printJsDoc(text: string, indent = ""): string[] {
  if (text === "") return [];
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1 && indent.length + (lines[0] ?? "").length < 110) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
