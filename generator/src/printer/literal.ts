/** A string literal of TypeScript, whatever the text holds. */
export function printString(text: string): string {
  // JSON allows two line separators that older engines do not take in a literal.
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) => (char === "\u2028" ? "\\u2028" : "\\u2029"));
}

/** A property name, quoted only if it must be. */
export function printProperty(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : printString(name);
}

/** A documentation comment, or nothing where there is no text. */
export function printJsDoc(text: string, indent = ""): string[] {
  if (text === "") return [];
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1 && indent.length + (lines[0] ?? "").length < 110) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
