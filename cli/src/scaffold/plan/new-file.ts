import { posix } from "node:path";
import { type ExpectedPart, printExpected } from "../contract/index.js";
import type { GeneratedLayout } from "../places/index.js";
import { isTest, type Plan } from "./plan.js";

/** A file to create. */
export interface NewFile {
  /** The path, relative to the project. */
  readonly path: string;
  /** Its text, before it is formatted. */
  readonly source: string;
  /** The part that it declares. */
  readonly part: ExpectedPart;
  /** Why there: `beside src/stock.ts`. */
  readonly reason: string;
  /** A user's file whose style it follows. undefined: there is none. */
  readonly like: string | undefined;
}

/** Where new files go, and how they import generated code. */
export interface NewFileSettings {
  /** The folder for all new files, relative to the project. undefined: where such code already is. */
  readonly into: string | undefined;
  /** The folder of a project without such code. */
  readonly otherwise: string;
  /** The ending of relative imports, where no file of the user shows one. */
  readonly importEnding: "" | ".js" | ".ts";
  /** The output folder of each module, relative to the project. */
  readonly outputOf: (module: string) => string;
  /** Paths that exist, of any kind of file. */
  readonly exists: (path: string) => boolean;
}

/** Plans a file for each part that no file declares. */
export function planFiles(plan: Plan, layout: GeneratedLayout, settings: NewFileSettings): readonly NewFile[] {
  const taken = new Set<string>();
  return plan.absent.map((part) => {
    const { folder, reason, like } = chooseFolder(plan, part, settings);
    const path = choosePath(folder, part, (one) => taken.has(one) || settings.exists(one));
    taken.add(path);
    const specifier = chooseSpecifier(path, part, plan, layout, settings);
    return { path, source: printSource(part, specifier), part, reason, like };
  });
}

function chooseFolder(
  { declarations, importers }: Plan,
  part: ExpectedPart,
  { into, otherwise }: NewFileSettings,
): { readonly folder: string; readonly reason: string; readonly like: string | undefined } {
  const sameFile = declarations.filter(({ definition }) => definition.module === part.module);
  const samePackage = declarations.filter(
    ({ definition }) => posix.dirname(definition.module) === posix.dirname(part.module),
  );
  const near = [sameFile, samePackage, declarations].find((found) => found.length > 0) ?? [];
  const like = mostFrequent(near.map(({ path }) => posix.dirname(path)));
  const neighbour = near.find(({ path }) => posix.dirname(path) === like)?.path ?? [...importers.keys()][0];
  if (into !== undefined) return { folder: into, reason: `in ${into}, as requested`, like: neighbour };
  if (like !== undefined) return { folder: like, reason: `beside ${neighbour}`, like: neighbour };
  const own = [...importers.keys()].filter((path) => !isTest(path));
  const folder = mostFrequent(own.map((path) => posix.dirname(path)));
  const first = own.find((path) => posix.dirname(path) === folder);
  if (folder !== undefined) return { folder, reason: `beside ${first}, which imports generated code`, like: first };
  return { folder: otherwise, reason: `in ${otherwise}, since no file imports generated code yet`, like: undefined };
}

/** The most frequent text; of equally frequent ones the shortest, then the first by name. */
function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a.length - b.length || (a < b ? -1 : 1));
  return sorted[0]?.[0];
}

function choosePath(
  folder: string,
  { file, method, module }: ExpectedPart,
  isTaken: (path: string) => boolean,
): string {
  const packages = posix.dirname(module).replaceAll(/[^A-Za-z0-9]+/g, "-");
  const names = [file, `${file}-${method}`, `${packages}-${file}`, `${packages}-${file}-${method}`];
  for (let count = 2; ; count += 1) {
    const name = names.shift() ?? `${packages}-${file}-${method}-${count}`;
    // A file of another kind with this name would be shadowed, or would shadow the new one.
    const endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".d.ts"];
    const path = posix.join(folder, name);
    if (!endings.some((ending) => isTaken(path + ending))) return `${path}.ts`;
  }
}

function chooseSpecifier(
  path: string,
  { module }: ExpectedPart,
  { importers }: Plan,
  { modules }: GeneratedLayout,
  { importEnding, outputOf }: NewFileSettings,
): string {
  const seen = [...importers.values()].flat().map((specifier) => readSpecifier(specifier, modules));
  const ending = mostFrequent(seen.map((one) => one.ending)) ?? importEnding;
  const prefix = mostFrequent(seen.map((one) => one.alias ?? "."));
  if (prefix !== undefined && prefix !== ".") return `${prefix}${module}${ending}`;
  const relative = posix.relative(posix.dirname(path), posix.join(outputOf(module), module));
  return `${relative.startsWith(".") ? relative : `./${relative}`}${ending}`;
}

/** The ending of a specifier, and what stands before the module if it is an alias: `#gen/`. */
function readSpecifier(
  specifier: string,
  modules: GeneratedLayout["modules"],
): { readonly ending: string; readonly alias: string | undefined } {
  const ending = /\.[cm]?[jt]sx?$/.exec(specifier)?.[0] ?? "";
  const bare = specifier.slice(0, specifier.length - ending.length);
  const module = specifier.startsWith(".") ? undefined : [...modules.keys()].find((one) => bare.endsWith(`/${one}`));
  return { ending, alias: module === undefined ? undefined : bare.slice(0, bare.length - module.length) };
}

function printSource({ name, method, behaviour, constant, comment }: ExpectedPart, specifier: string): string {
  const local = constant === name ? `${constant}Part` : constant;
  return [
    `import { ${name} } from ${JSON.stringify(specifier)};`,
    "",
    `/** ${comment} */`,
    `export const ${local} = ${name}.${method}(${printExpected(behaviour)});`,
    "",
  ].join("\n");
}
