import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { runBuf } from "../buf/index.js";
import { CliError } from "../cli-error.js";
import { explainBuf } from "../contract/index.js";
import type { PluginEntry, Project } from "../project/index.js";
import { createTemporaryFolder } from "../temporary-folder.js";
import type { PluginFile } from "./response.js";

/** The files that buf has generated for a folder. */
export interface BufOutput {
  /** As written in the template. */
  readonly folder: string;
  readonly files: readonly PluginFile[];
}

/**
 * Runs some plugins of a template by `buf generate`, into a temporary folder: nothing of the project changes. Returns the files of
 * each folder.
 */
export async function bufGenerate(
  { folder, template }: Project,
  plugins: readonly PluginEntry[],
): Promise<readonly BufOutput[]> {
  const outs = [...new Set(plugins.map(({ out }) => out))];
  const temporary = createTemporaryFolder("generate");
  try {
    const { clean: _, ...raw } = template.raw;
    const reduced = { ...raw, plugins: plugins.map((plugin) => ({ ...plugin.raw, out: nameOf(outs, plugin.out) })) };
    const args = ["generate", "--template", JSON.stringify(reduced), "-o", temporary];
    const { status, stderr } = await runBuf(args, folder);
    if (status !== 0) throw new CliError(`buf generate failed:\n${explainBuf(stderr, folder)}`);
    if (stderr.trim() !== "") console.error(stderr.trimEnd());
    return outs.map((out) => {
      const files = readFiles(temporary, nameOf(outs, out), out);
      return { folder: isArchive(out) ? dirname(out) : out, files };
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A name of its own for each `out`, which may be anywhere. The extension tells buf to write an archive. */
function nameOf(outs: readonly string[], out: string): string {
  return `${outs.indexOf(out)}${isArchive(out) ? extname(out) : ""}`;
}

function isArchive(out: string): boolean {
  return /\.(?:zip|jar)$/.test(out);
}

function readFiles(temporary: string, name: string, out: string): readonly PluginFile[] {
  const path = join(temporary, name);
  // The plugins have generated nothing for it.
  if (!existsSync(path)) return [];
  if (isArchive(out)) return [{ name: basename(out), bytes: readFileSync(path) }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { name: file.slice(path.length + 1).replaceAll("\\", "/"), bytes: readFileSync(file) };
    });
}
