import type { Diagnostic } from "./diagnostic.js";
import { findExcerpt, printExcerpt } from "./excerpt.js";

/** Gives the text of a proto file by its import path, where it can be had. */
export type ReadText = (file: string) => string | undefined;

/** For people: place, message, the line of the source and what to do. */
export function formatPretty(diagnostics: readonly Diagnostic[], readText: ReadText = () => undefined): string {
  return diagnostics.map((diagnostic) => formatOne(diagnostic, readText)).join("\n");
}

function formatOne({ severity, code, message, location, focus, key, hint }: Diagnostic, readText: ReadText): string {
  const source = "line" in location ? readText(location.file) : undefined;
  const excerpt = "line" in location && source !== undefined ? findExcerpt(source, location, focus, key) : undefined;
  const place = excerpt ?? ("line" in location ? location : undefined);
  const text = place === undefined ? location.file : `${location.file}:${place.line}:${place.column}`;
  const lines = [`${text}: ${severity} ${code}: ${message}`];
  if (excerpt !== undefined) lines.push(...printExcerpt(excerpt).map((line) => `    ${line}`));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join("\n");
}

/** For machines: one array. */
export function formatJson(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics, undefined, 2);
}

/** For the annotations of GitHub's checks. */
export function formatGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ severity, code, message, location, hint }) => {
      const place = "line" in location ? `,line=${location.line},col=${location.column}` : "";
      const text = hint === undefined ? message : `${message}\nhint: ${hint}`;
      return `::${severity} file=${escapeProperty(location.file)}${place},title=${code}::${escapeData(text)}`;
    })
    .join("\n");
}

function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
