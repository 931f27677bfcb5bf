import type { ExpectedPart } from "../contract/index.js";
import { type Declaration, exportedNamesOf, type ImportGraph, isUsedHere, type UserSources } from "../places/index.js";
import type { Note } from "./note.js";
import { placeOf } from "./place.js";

/** A part and a call that declares it. */
export interface DeclaredPart {
  readonly part: ExpectedPart;
  readonly declaration: Declaration;
}

/** An app, and files that are loaded by names that the text does not show. */
const app = /\bcreateApp\s*[(<]/;
const loader = /\bimport\s*\(\s*(?!["'`)])|\bimport\.meta\.glob\b/;

/** How reports say where an app takes its parts: with its file, if there is one app. `texts`: the files that count. */
export function namePartsOf(texts: ReadonlyMap<string, string>): string {
  const [path, ...more] = [...texts].flatMap(([path, text]) => (app.test(text) ? [path] : []));
  return `the parts of createApp${path === undefined || more.length > 0 ? "" : ` in ${path}`}`;
}

/**
 * Notes parts that are declared and that nothing uses, so that no app has them. `texts`: the files that count. Nothing is noted in a
 * project without an app, or if code is loaded by names that cannot be seen.
 */
export function noteUnlisted(
  declared: readonly DeclaredPart[],
  texts: ReadonlyMap<string, string>,
  sources: UserSources,
  graph: ImportGraph,
): readonly Note[] {
  const all = [...texts.values()];
  if (!all.some((text) => app.test(text)) || all.some((text) => loader.test(text))) return [];
  return declared.flatMap(({ part, declaration: { path, constant } }): readonly Note[] => {
    const file = sources.file(path);
    if (file === undefined || constant === undefined || isUsedHere(file, constant)) return [];
    const names = exportedNamesOf(file, constant);
    if (names.some((name) => graph.isUsed(path, name))) return [];
    const name = constant.getText();
    const advice = `${names.length === 0 ? "export it, and add it to " : "add it to "}${namePartsOf(texts)}`;
    return [
      {
        kind: "unlisted",
        element: `${part.name}.${part.method}`,
        place: placeOf(sources, constant),
        message: `no code uses ${name}, so no app has the ${part.label}: ${advice}`,
        paste: [],
      },
    ];
  });
}
