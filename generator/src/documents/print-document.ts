import { dump } from "js-yaml";

/** How a document is written. */
export type DocumentFormat = "json" | "yaml";

/** A document of plain data as a text. YAML begins with a comment; JSON has none. */
export function printDocument(document: object, format: DocumentFormat, comment: string): string {
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  // Anchors for what happens to be the same object would be hard to read, and folded lines hard to search.
  const text = dump(document, { noRefs: true, lineWidth: -1 });
  return `# ${comment}\n${text}`;
}
