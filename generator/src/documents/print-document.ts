import { printYaml } from "./print-yaml.js";

/** How a document is written. */
export type DocumentFormat = "json" | "yaml";

/** A document of plain data as a text. YAML begins with a comment; JSON has none. */
export function printDocument(document: object, format: DocumentFormat, comment: string): string {
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  return `# ${comment}\n${printYaml(document)}`;
}
