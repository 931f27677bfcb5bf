import { printYaml } from "./print-yaml.js";

/** The format of a document. */
export type DocumentFormat = "json" | "yaml";

/** Prints a document. YAML starts with the comment; JSON has none. */
export function printDocument(document: object, format: DocumentFormat, comment: string): string {
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  return `# ${comment}\n${printYaml(document)}`;
}
