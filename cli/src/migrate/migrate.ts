import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import {
  findLegacyOptions,
  findTextPath,
  type LegacyContract,
  type LegacyFile,
  type LegacyOption,
} from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { CompileError } from "../contract/index.js";
import { replaceFile } from "../files/index.js";
import { printDiff } from "../print-diff.js";

import { type Rewritten, rewriteFile } from "./rewrite/index.js";
import { WorkspaceCopy } from "./workspace.js";

/** What was rewritten, or would be in a dry run. */
export interface MigrateResult {
  readonly isDryRun: boolean;
  readonly changed: readonly { readonly path: string; readonly options: number }[];
  /** What has no counterpart, and was left out. */
  readonly lost: readonly Remark[];
  /** What is left as it is. */
  readonly refused: readonly (Remark & { readonly paste: readonly string[] })[];
  /** The changes as a unified diff. */
  readonly diff: string;
}

/** A remark on a place. Line and column count from 1; a remark on a whole file has none. */
export interface Remark {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

interface FileChange extends Rewritten {
  /** Its import path. */
  readonly name: string;
  readonly path: string;
  readonly options: readonly LegacyOption[];
  readonly old: Uint8Array;
  /** The old text, without a byte order mark. */
  readonly before: string;
  readonly mark: string;
}

/**
 * Rewrites the options of Go Potter in the proto files of a project. The result is compiled and compared with the old contract before any
 * file is written; if they differ, nothing is. Throws a CompileError, or a CliError.
 */
export async function migrate(folder: string, isDryRun: boolean): Promise<MigrateResult> {
  const copy = new WorkspaceCopy(folder);
  try {
    const contract = findLegacyOptions(await copy.compile());
    const changes = await Promise.all(contract.files.flatMap((file) => changeFile(folder, file)));
    const { wanted, failed } = await verify(
      copy,
      contract,
      changes.filter(({ text, before }) => text !== before),
    );
    const written: FileChange[] = [];
    for (const change of wanted) {
      const bytes = new TextEncoder().encode(change.mark + change.text);
      const result = isDryRun ? "written" : await replaceFile(join(folder, change.path), change.old, bytes);
      if (result === "written") written.push(change);
      else failed.push({ path: change.path, message: `not written: ${result.reason}`, paste: [] });
    }
    return {
      isDryRun,
      changed: written.map(({ path, done }) => ({ path, options: done.length })),
      lost: written.flatMap(listLost),
      refused: [...changes.flatMap(listRefused), ...failed],
      diff: written.map(({ path, before, text }) => printDiff(path, before, text)).join(""),
    };
  } finally {
    copy.delete();
  }
}

/** Rewrites a file in memory. Files of packages are not the user's. */
function changeFile(folder: string, file: LegacyFile): readonly Promise<FileChange>[] {
  const path = findTextPath(file.name, folder);
  return path === undefined || path.split("/").includes("node_modules") ? [] : [rewriteOnDisk(folder, path, file)];
}

async function rewriteOnDisk(folder: string, path: string, file: LegacyFile): Promise<FileChange> {
  const old = await readFile(join(folder, path));
  const decoded = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(old);
  const mark = decoded.startsWith("\ufeff") ? "\ufeff" : "";
  const before = decoded.slice(mark.length);
  return { name: file.name, path, options: file.options, old, before, mark, ...rewriteFile(before, file) };
}

type Refused = MigrateResult["refused"][number];

/** Compiles the rewritten contract, and compares it with the old one. Files that would say something else are left as they are. */
async function verify(
  copy: WorkspaceCopy,
  contract: LegacyContract,
  changes: readonly FileChange[],
): Promise<{ readonly wanted: readonly FileChange[]; readonly failed: Refused[] }> {
  const failed: Refused[] = [];
  let wanted = changes;
  for (const { path, mark, text } of wanted) copy.write(path, mark + text);
  while (wanted.length > 0) {
    const differences = contract.differencesTo(await compileRewritten(copy));
    const wrong = wanted.filter(({ name }) => differences.some(({ file }) => file === name));
    if (differences.length > 0 && wrong.length === 0) {
      const elements = differences.map(({ element }) => element).join(", ");
      throw new CliError(`the rewritten contract would say something else about ${elements}: nothing was written`);
    }
    if (wrong.length === 0) break;
    for (const { name, path, old, options } of wrong) {
      copy.write(path, old);
      const element = differences.find(({ file }) => file === name)?.element ?? name;
      const message = `the file is left as it is, because it would say something else about ${element}: rewrite it by hand`;
      failed.push({ path, message, paste: options.flatMap(({ instead }) => instead) });
    }
    wanted = wanted.filter((change) => !wrong.includes(change));
  }
  return { wanted, failed };
}

async function compileRewritten(copy: WorkspaceCopy): Promise<CodeGeneratorRequest> {
  try {
    return await copy.compile();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const problems = error.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    const text = [...problems, error.message].filter((one) => one !== "").join("\n");
    const remedy = /potter[./]v1/.test(text)
      ? "\nIf your buf.yaml has no module with potter/v1/options.proto, run potter init first, which adds it"
      : "";
    throw new CliError(`the rewritten contract does not compile, so nothing was written:\n${text}${remedy}`);
  }
}

function listLost({ path, before, done }: FileChange): readonly Remark[] {
  return done.flatMap(({ option: { name, lost }, offset }) =>
    lost.map(({ field, why }) => ({
      ...{ path, ...placeOf(before, offset) },
      message: `removed ${field ?? `(${name})`}: ${why}`,
    })),
  );
}

function listRefused({ path, before, refused }: FileChange): MigrateResult["refused"] {
  return refused.map(({ offset, message, paste }) => ({ path, ...placeOf(before, offset), message, paste }));
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
