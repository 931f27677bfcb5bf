import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { CliError } from "../../cli-error.js";
import { isIncomplete, type LockEntries, lockedImage, missingImports, parseLockFile } from "../../lock-file/index.js";
import type { Compiled } from "./compiled.js";
import { buildImage } from "./image.js";

/**
 * The contract that potter.lock records. `head`: the contract as it is, whose imports the lock leaves out. Throws a CliError that says
 * what to write.
 */
export async function compileLock(file: string, folder: string, head: Compiled): Promise<Compiled> {
  const path = resolve(folder, file);
  if (!existsSync(path)) {
    throw new CliError(`nothing to compare with: there is no ${file}. Write it by npx potter lock, and commit it`);
  }
  const lock = readFileSync(path, "utf8");
  const entries = parseLockFile(lock, file);
  if (isIncomplete(entries)) {
    throw new CliError(
      `nothing to compare with: ${file} records names of the GraphQL schema and no contract. Write it again: npx potter lock`,
    );
  }
  const image = await buildLockedImage(entries, filesOf(head.image), file, folder);
  // Places of the lock have no lines; only the paths of its files are looked up.
  return { title: file, image, find: head.find, lock };
}

/** Builds the image that a lock records. `known`: files of the present contract, of which it may import some. */
export async function buildLockedImage(
  entries: LockEntries,
  known: readonly FileDescriptorProto[],
  file: string,
  folder: string,
): Promise<Uint8Array> {
  if (missingImports(entries, known).length === 0) return lockedImage(entries, known, file);
  // The contract has ceased to import annotations.
  const annotations = join("node_modules", "@potter", "generator", "proto");
  const more = filesOf(await buildImage(annotations, folder, "the annotations of Potter"));
  return lockedImage(entries, [...more, ...known], file);
}

function filesOf(image: Uint8Array): readonly FileDescriptorProto[] {
  return fromBinary(FileDescriptorSetSchema, image).file;
}
