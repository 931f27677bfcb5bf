import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createFile, replaceFile, toBytes } from "../files/index.js";
import { printDiff } from "../print-diff.js";
import { readFormatConfig } from "./insert/index.js";
import { isTest, type NewFileSettings, type Note, namePartsOf } from "./plan/index.js";
import { type PreparedEdit, type PreparedFile, type ProjectState, prepare } from "./prepare.js";
import type { ScaffoldMemory } from "./scaffold-memory.js";
import type { ScaffoldResult } from "./scaffold-result.js";
import { readState, type ScaffoldSource, type ScaffoldState } from "./state.js";

/** A project, its contract, and what to do. */
export interface ScaffoldOptions extends ScaffoldSource {
  /** The option `import_extension` of the generated code. */
  readonly importExtension: "js" | "none" | "ts";
  /** The folder for new files, relative to the project. Default: where such code already is. */
  readonly into?: string;
  /** Writes nothing, and returns a diff. */
  readonly dryRun?: boolean;
  /** What an earlier run with the same options has found. */
  readonly memory?: ScaffoldMemory;
}

/**
 * Brings the files of users up to the contract: inserts typed stubs for what is new, creates files for new parts, reports what the
 * contract no longer has. Changes nothing else, and deletes nothing.
 */
export async function scaffold(options: ScaffoldOptions): Promise<ScaffoldResult> {
  const { root, dryRun = false, memory } = options;
  const files = await readState(options);
  const known = memory?.find(files);
  if (known !== undefined) return known;
  const { edits, files: news, notes } = await prepare(toState(options, files));
  const failed: Note[] = [];
  const changed: PreparedEdit[] = [];
  const created: PreparedFile[] = [];
  for (const path of dryRun ? [] : files.leftovers) await rm(join(root, path), { force: true });
  for (const edit of edits) {
    const old = files.bytes.get(edit.path) ?? new Uint8Array();
    const result = dryRun ? "written" : await replaceFile(join(root, edit.path), old, toBytes(edit.text, old));
    if (result === "written") changed.push(edit);
    else failed.push(noteFailedEdit(edit, result.reason));
  }
  for (const file of news) {
    const result = dryRun ? "written" : await createFile(join(root, file.path), file.text);
    if (result === "written") created.push(file);
    else failed.push(noteFailedFile(file, result.reason));
  }
  const into = namePartsOf(new Map([...files.texts].filter(([path]) => !isTest(path))));
  const result: ScaffoldResult = {
    isDryRun: dryRun,
    changed: changed.map(({ path, keys }) => ({ path, keys })),
    created: created.map(({ path, part: { label, constant }, reason }) => ({
      path,
      part: label,
      reason,
      constant,
      into,
    })),
    notes: [...notes, ...failed].sort(byPlace),
    diff: [
      ...changed.map(({ path, text }) => printDiff(path, files.texts.get(path), text)),
      ...created.map(({ path, text }) => printDiff(path, undefined, text)),
    ].join(""),
  };
  memory?.keep(files, result);
  return result;
}

function toState(
  { root, outputs, importExtension, into }: ScaffoldOptions,
  { contract, layout, texts, unreadable }: ScaffoldState,
): ProjectState {
  const newFiles: NewFileSettings = {
    into,
    otherwise: "src",
    importEnding: importExtension === "none" ? "" : `.${importExtension}`,
    outputOf: (module) => (module.endsWith("_saga") ? outputs.saga : outputs.cqrs) ?? ".",
    exists: (path) => existsSync(join(root, path)),
  };
  const formatOf: ProjectState["formatOf"] = (path) => readFormatConfig(join(root, path));
  return { contract, texts, unreadable, layout, newFiles, formatOf };
}

function noteFailedEdit({ path, keys }: PreparedEdit, reason: string): Note {
  const names = keys.map(({ name }) => name).join(", ");
  const line = keys[0]?.line;
  const place = line === undefined ? { path } : { path, line, column: 1 };
  return {
    kind: "refused",
    element: names,
    place,
    message: `${names} not inserted: ${reason}`,
    paste: keys.map(({ entry }) => entry),
  };
}

function noteFailedFile({ path, part }: PreparedFile, reason: string): Note {
  const message = `not created for the ${part.label}: ${reason}`;
  return {
    kind: "refused",
    element: part.label,
    place: { path },
    message,
    paste: [[part.constant, part.behaviour]],
  };
}

function byPlace(a: Note, b: Note): number {
  const [left, right] = [a.place, b.place];
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}
