import type { Diagnostic } from "./diagnostic.js";

/** Gives the text of a proto file by its import path, where it can be had. */
export type ReadText = (file: string) => string | undefined;

/** For people: place, message, the line of the source and what to do. */
export function formatPretty(diagnostics: readonly Diagnostic[], readText: ReadText = () => undefined): string {
  return diagnostics.map((diagnostic) => formatOne(diagnostic, readText)).join("\n");
}

function formatOne(diagnostic: Diagnostic, readText: ReadText): string {
  const { severity, code, message, hint } = diagnostic;
  const place = refine(diagnostic, readText);
  const lines = [`${place.text}: ${severity} ${code}: ${message}`];
  if (place.excerpt !== undefined) lines.push(`    ${place.excerpt}`, `    ${" ".repeat(place.indent)}${"^".repeat(place.width)}`);
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join("\n");
}

interface RefinedPlace {
  readonly text: string;
  readonly excerpt?: string;
  readonly indent: number;
  readonly width: number;
}

/** Points at the word that is meant, if the source can be had. */
function refine({ location, focus }: Diagnostic, readText: ReadText): RefinedPlace {
  if (!("line" in location)) return { text: location.file, indent: 0, width: 0 };
  const source = readText(location.file)?.split(/\r?\n/);
  let { line, column } = location;
  let width = location.endLine === line ? location.endColumn - column : 1;
  if (source !== undefined && focus !== undefined) {
    for (let at = location.line; at <= location.endLine; at++) {
      const text = source[at - 1] ?? "";
      const found = text.indexOf(focus, at === location.line ? location.column - 1 : 0);
      if (found === -1) continue;
      [line, column, width] = [at, found + 1, focus.length];
      break;
    }
  }
  const text = `${location.file}:${line}:${column}`;
  const excerpt = source?.[line - 1];
  if (excerpt === undefined) return { text, indent: 0, width: 0 };
  const trimmed = excerpt.trimStart();
  const cut = excerpt.length - trimmed.length;
  return { text, excerpt: trimmed, indent: Math.max(column - 1 - cut, 0), width: Math.max(width, 1) };
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
