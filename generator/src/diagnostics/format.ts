import type { Diagnostic } from "./diagnostic.js";
import { findExcerpt, printExcerpt } from "./excerpt.js";

/** Returns the text of a proto file by its import path, or undefined if it is not available. */
export type ReadText = (file: string) => string | undefined;

/** Formats diagnostics for people: location, message, an excerpt of the source, and the hint. */
export function formatPretty(diagnostics: readonly Diagnostic[], readText: ReadText = () => undefined): string {
  return diagnostics.map((diagnostic) => formatOne(diagnostic, readText)).join("\n");
}

function formatOne({ severity, code, message, location, focus, key, hint }: Diagnostic, readText: ReadText): string {
  const source = "line" in location ? readText(location.file) : undefined;
  const excerpt = "line" in location && source !== undefined ? findExcerpt(source, location, focus, key) : undefined;
  const start = excerpt ?? ("line" in location ? location : undefined);
  const text = start === undefined ? location.file : `${location.file}:${start.line}:${start.column}`;
  const lines = [`${text}: ${severity} ${code}: ${message}`];
  if (excerpt !== undefined) lines.push(...printExcerpt(excerpt).map((line) => `    ${line}`));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join("\n");
}

/** Formats diagnostics for tools, as one JSON array. */
export function formatJson(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics, undefined, 2);
}

/** Formats diagnostics as annotations of GitHub Actions. */
export function formatGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ severity, code, message, location, hint }) => {
      const start = "line" in location ? `,line=${location.line},col=${location.column}` : "";
      const text = hint === undefined ? message : `${message}\nhint: ${hint}`;
      return `::${severity} file=${escapeProperty(location.file)}${start},title=${code}::${escapeData(text)}`;
    })
    .join("\n");
}

function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
