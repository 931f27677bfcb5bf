import { existsSync } from "node:fs";
import { join } from "node:path";
import { generateFiles } from "../../plugins/index.js";
import { openProject } from "../../project/index.js";
import { planFolder } from "../../write/index.js";
import { Git } from "../compile/index.js";
import { entryOf, type Finding, type FindingCode } from "../findings/index.js";

const template = "buf.gen.yaml";

/**
 * Compares the generated files of a project with what its contract generates. Folders that git ignores are left out: they are
 * generated where they are needed. Writes nothing. Throws if a plugin fails.
 */
export async function findStaleFiles(folder: string): Promise<readonly Finding[]> {
  if (!existsSync(join(folder, template))) return [];
  const git = new Git(folder);
  const { folders } = await generateFiles(openProject(folder, template), () => {});
  return folders.flatMap(({ folder: path, out, files }) => {
    if (git.isIgnored(out)) return [];
    const { writes, deletes, kept } = planFolder(path, files);
    const differing = [...writes.keys()].map((name) =>
      toFinding(existsSync(join(path, name)) ? "generated-stale" : "generated-missing", `${out}/${name}`),
    );
    return [...differing, ...[...deletes, ...kept].map((name) => toFinding("generated-extra", `${out}/${name}`))];
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
