import { posix } from "node:path";

/** What an import refers to: a generated module, or a file of the user. */
export type ImportTarget =
  | { readonly kind: "generated"; readonly module: string }
  | { readonly kind: "user"; readonly path: string };

/** The generated modules, and where they are. */
export interface GeneratedLayout {
  /** Output folders of the targets, relative to the project: `gen`. */
  readonly folders: readonly string[];
  /** The names that each module with definitions exports. A module is a path without extension below such a folder. */
  readonly modules: ReadonlyMap<string, ReadonlySet<string>>;
}

const extension = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Returns what a specifier in a file refers to. undefined: a package, or a file that is not there. */
export function resolveImport(
  from: string,
  specifier: string,
  layout: GeneratedLayout,
  has: (path: string) => boolean,
): ImportTarget | undefined {
  if (!specifier.startsWith(".")) {
    // An alias of tsconfig.json or package.json: paths of generated modules are long enough to tell them by their end.
    const bare = specifier.replace(extension, "");
    const module = [...layout.modules.keys()].find((one) => bare.endsWith(`/${one}`));
    return module === undefined ? undefined : { kind: "generated", module };
  }
  const target = posix.join(posix.dirname(from), specifier);
  const bare = target.replace(extension, "");
  const endings = ["ts", "tsx", "mts", "cts"].map((end) => `${bare}.${end}`);
  const candidates = [target, ...endings, ...["ts", "mts", "cts"].map((end) => `${target}/index.${end}`)];
  const path = candidates.find(has);
  if (path !== undefined) return { kind: "user", path };
  for (const folder of layout.folders) {
    const prefix = folder === "." ? "" : `${folder}/`;
    const module = bare.slice(prefix.length);
    // A module that is generated no longer is recognized by its name.
    const isGenerated = layout.modules.has(module) || /_(?:cqrs|saga)$/.test(module);
    if (bare.startsWith(prefix) && isGenerated) return { kind: "generated", module };
  }
  // The folder of generated code was another one: the import is out of date, and the user's file is not without its part.
  const isMoved = [...layout.modules.keys()].some((one) => bare.endsWith(`/${one}`));
  return isMoved ? { kind: "generated", module: bare } : undefined;
}
