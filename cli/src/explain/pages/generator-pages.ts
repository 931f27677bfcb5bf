import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "./page.js";

/** The copy of docs/diagnostics in this package, which the build makes. */
const folder = fileURLToPath(new URL("../../../diagnostics/", import.meta.url));

/** Errors and warnings of the generator: the pages of docs/diagnostics. */
export function readGeneratorPages(): readonly Page[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => {
      const text = readFileSync(`${folder}${name}`, "utf8").trimEnd();
      return { code: name.slice(0, -".md".length), summary: summarize(text), text };
    });
}

/** The first sentence below the title. */
function summarize(page: string): string {
  const [, paragraph = ""] = page.split(/\n\n+/);
  return (/^.*?[.:](?=\s|$)/s.exec(paragraph)?.[0] ?? paragraph).replaceAll("\n", " ").replace(/:$/, ".");
}
