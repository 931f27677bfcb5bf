import { existsSync } from "node:fs";
import { join } from "node:path";
import type { OutputFolder } from "../../plugins/index.js";
import { listForeign, planFolder } from "../../write/index.js";
import { Git } from "../compile/index.js";
import { entryOf, type Finding, type FindingCode } from "../findings/index.js";

/**
 * Compares the generated files of a project with what its contract generates now. Folders that git ignores are left out: they are
 * generated where they are needed. `clean`: the folders contain nothing else, so that other files are extra. Writes nothing.
 */
export function findStaleFiles(folder: string, folders: readonly OutputFolder[], clean: boolean): readonly Finding[] {
  const git = new Git(folder);
  return folders.flatMap(({ folder: path, out, files }) => {
    if (git.isIgnored(out)) return [];
    const plan = planFolder(path, files);
    const differing = [...plan.writes.keys()].map((name) =>
      toFinding(existsSync(join(path, name)) ? "generated-stale" : "generated-missing", `${out}/${name}`),
    );
    const all = folders.map((one) => one.folder);
    const extra = [...plan.deletes, ...plan.kept, ...(clean ? listForeign(plan, all) : [])];
    return [...differing, ...extra.map((name) => toFinding("generated-extra", `${out}/${name}`))];
  });
}

function toFinding(code: FindingCode, file: string): Finding {
  const entry = entryOf(code);
  return {
    code,
    surface: entry.surface,
    severity: entry.severity,
    element: file,
    place: undefined,
    file,
    message: entry.message(file),
    effect: entry.effect(file),
    remedy: entry.remedy(file),
  };
}
