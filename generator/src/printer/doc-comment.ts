/** The lines of a JSDoc comment; none for an empty text of something that is not deprecated. */
export function printDocComment(text: string, deprecated: boolean): string[] {
  const lines = text === "" ? [] : text.split(/\r\n|[\n\r\u2028\u2029]/).map(escape);
  if (deprecated && !lines.some((line) => line.includes("@deprecated"))) lines.push("@deprecated");
  if (lines.length === 0) return [];
  const [first = ""] = lines;
  if (lines.length === 1) return [`/** ${first} */`];
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"];
}

function escape(line: string): string {
  return line.trimEnd().replaceAll("*/", "*\\/");
}
