import { isAbsolute, relative } from "node:path";
import { type CompiledContract, CompileError, type CompileInput, compile } from "./compile.js";
import type { ContractFile } from "./image.js";

/** What has changed since a contract was compiled. */
export interface SourceChanges {
  /** Proto files whose text differs, as absolute paths. Each is there, and was there. */
  readonly changed: readonly string[];
  /** All proto files of the project, as absolute paths. */
  readonly all: readonly string[];
}

/** Above this share of files that must be compiled, all are: buf compiles on all cores. */
const share = 0.5;

/**
 * Compiles only the files that changed and those that import them, and puts them in the place of the old ones. undefined: that cannot
 * be done, so the whole contract must be compiled; such as if a file cannot be assigned to its source, or does not compile: then
 * the errors of all files count.
 */
export async function recompile(
  previous: CompiledContract,
  input: CompileInput,
  changes: SourceChanges,
  folder: string,
): Promise<CompiledContract | undefined> {
  if (input.paths.length + input.excludePaths.length > 0) return undefined;
  const sources = assignSources(previous, changes.all);
  const names = new Map([...sources].map(([name, path]) => [path, name]));
  const changed = changes.changed.map((path) => names.get(path));
  const wanted = listImporters(
    previous,
    changed.filter((name) => name !== undefined),
  );
  if (changed.length === 0 || changed.includes(undefined) || wanted.size > previous.length * share) return undefined;
  const paths: string[] = [];
  for (const name of wanted) {
    const path = sources.get(name);
    if (path === undefined) return undefined;
    paths.push(toArgument(path, folder));
  }
  try {
    const [compiled = []] = await compile([{ ...input, paths: paths.sort() }], folder);
    return splice(previous, compiled, wanted);
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

/** Files whose bytes are the same keep their objects, so that whatever is known of them is found again. */
export function keepSame(previous: CompiledContract, next: CompiledContract): CompiledContract {
  const old = new Map(previous.map((file) => [file.name, file]));
  return next.map((file) => {
    const known = old.get(file.name);
    return known !== undefined && isSame(known, file) ? known : file;
  });
}

/** Whether two compiled files are the same. */
export function isSame(a: ContractFile, b: ContractFile): boolean {
  return a.isImport === b.isImport && Buffer.compare(a.descriptor, b.descriptor) === 0;
}

/** The source of each file of an input. Without those that several sources could have, or none. */
function assignSources(contract: CompiledContract, paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Set(contract.flatMap(({ name, isImport }) => (isImport ? [] : [name])));
  const found = new Map<string, string | undefined>();
  for (const path of paths) {
    const parts = path.replaceAll("\\", "/").split("/");
    for (let at = 1; at < parts.length; at++) {
      const name = parts.slice(at).join("/");
      if (names.has(name)) found.set(name, found.has(name) ? undefined : path);
    }
  }
  return new Map([...found].filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Files, and all that import them. */
function listImporters(contract: CompiledContract, names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names);
  // Dependencies come first, so one pass finds all.
  for (const { name, dependencies } of contract) if (dependencies.some((one) => found.has(one))) found.add(name);
  return found;
}

/** undefined: the files import something else than before, so their order or their number may be another one. */
function splice(
  previous: CompiledContract,
  compiled: CompiledContract,
  wanted: ReadonlySet<string>,
): CompiledContract | undefined {
  const news = new Map(compiled.filter(({ isImport }) => !isImport).map((file) => [file.name, file]));
  if (news.size !== wanted.size || ![...wanted].every((name) => news.has(name))) return undefined;
  const isAlike = previous.every(({ name, dependencies }) => {
    const file = news.get(name);
    return file === undefined || file.dependencies.join("\n") === dependencies.join("\n");
  });
  return isAlike
    ? keepSame(
        previous,
        previous.map((file) => news.get(file.name) ?? file),
      )
    : undefined;
}

function toArgument(path: string, folder: string): string {
  const below = relative(folder, path);
  return isAbsolute(below) ? path : below.replaceAll("\\", "/");
}
