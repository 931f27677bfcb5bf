import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ts as TypeScript } from "ts-morph";
import { isWithin } from "../../is-within.js";

/** How TypeScript finds modules. */
export type Resolution = "classic" | "node10" | "node" | "bundler";

/** A tsconfig with all that it extends. */
export interface Tsconfig {
  /** Its absolute path. */
  readonly path: string;
  readonly strict: boolean;
  readonly resolution: Resolution;
  /** Whether the setting of the resolution stands in it, or follows from other settings. */
  readonly resolutionSetting: string | undefined;
  readonly verbatimModuleSyntax: boolean;
  readonly allowsTsExtensions: boolean;
  /** Absolute. undefined: it is not set. */
  readonly rootDir: string | undefined;
  /** The folder that becomes `outDir`: `rootDir`, or what TypeScript takes without it. Absolute. */
  readonly root: string;
  /** Where JavaScript is written, absolute. undefined: beside its sources, or nowhere. */
  readonly outDir: string | undefined;
  /** Whether it writes CommonJS, whatever package.json says. */
  readonly writesCommonJs: boolean;
  /** The files that it includes, absolute, with slashes. */
  readonly files: readonly string[];
  /** What TypeScript cannot read, with its place. */
  readonly problems: readonly string[];
  /** Other configurations that it refers to, absolute. */
  readonly references: readonly string[];
}

/** TypeScript reports these for options of newer releases, and for a configuration without files. */
const ignored = { unknownOption: 5023, noInputs: 18003, emptyFiles: 18002 } as const;

/**
 * Reads a tsconfig. `major` is the installed major version of TypeScript, which decides on defaults. Options that the parser does not
 * know yet are ignored.
 */
export async function readTsconfig(path: string, major: number): Promise<Tsconfig> {
  const { ts } = await import("ts-morph");
  const { config, error } = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, dirname(path), undefined, path);
  const { options } = parsed;
  const isWriting = options.noEmit !== true && options.emitDeclarationOnly !== true;
  const skipped = new Set<number>(Object.values(ignored));
  const errors = [...(error === undefined ? [] : [error]), ...parsed.errors].filter(({ code }) => !skipped.has(code));
  return {
    path,
    strict: options.strict === true,
    ...resolutionOf(ts, options, major),
    verbatimModuleSyntax: options.verbatimModuleSyntax === true,
    allowsTsExtensions: options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true,
    rootDir: options.rootDir === undefined ? undefined : resolve(dirname(path), options.rootDir),
    root:
      options.rootDir === undefined
        ? defaultRoot(path, parsed.fileNames, options.composite === true || major >= 6)
        : resolve(dirname(path), options.rootDir),
    outDir: isWriting && options.outDir !== undefined ? resolve(dirname(path), options.outDir) : undefined,
    writesCommonJs: isWriting && options.module === ts.ModuleKind.CommonJS,
    files: parsed.fileNames,
    problems: errors.map((one) => describe(ts, one)),
    references: (parsed.projectReferences ?? []).map((one) => {
      const target = resolve(dirname(path), one.path);
      return target.endsWith(".json") || !existsSync(join(target, "tsconfig.json"))
        ? target
        : join(target, "tsconfig.json");
    }),
  };
}

/** Without `rootDir`: the folder of the tsconfig, or what all sources have in common in releases before 6. */
function defaultRoot(path: string, files: readonly string[], isOwnFolder: boolean): string {
  const folders = files.filter((file) => !/\.d\.[cm]?ts$/.test(file)).map((file) => dirname(resolve(file)));
  const [first] = folders;
  if (isOwnFolder || first === undefined) return dirname(path);
  let common = first;
  while (!folders.every((folder) => isWithin(folder, common))) common = dirname(common);
  return common;
}

function resolutionOf(
  ts: typeof TypeScript,
  { module, moduleResolution }: TypeScript.CompilerOptions,
  major: number,
): Pick<Tsconfig, "resolution" | "resolutionSetting"> {
  const { ModuleKind, ModuleResolutionKind: Kind } = ts;
  if (moduleResolution !== undefined) {
    const names = new Map<number, Resolution>([
      [Kind.Classic, "classic"],
      [Kind.Node10, "node10"],
      [Kind.Node16, "node"],
      [Kind.NodeNext, "node"],
      [Kind.Bundler, "bundler"],
    ]);
    const name = Kind[moduleResolution] ?? String(moduleResolution);
    return {
      resolution: names.get(moduleResolution) ?? "node",
      resolutionSetting: `moduleResolution: ${name.toLowerCase()}`,
    };
  }
  if (module === undefined) return { resolution: major >= 6 ? "bundler" : "node10", resolutionSetting: undefined };
  const setting = `module: ${(ModuleKind[module] ?? String(module)).toLowerCase()}`;
  if (module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext)
    return { resolution: "node", resolutionSetting: setting };
  if (module === ModuleKind.Preserve || major >= 6) return { resolution: "bundler", resolutionSetting: setting };
  return { resolution: module === ModuleKind.CommonJS ? "node10" : "classic", resolutionSetting: setting };
}

function describe(ts: typeof TypeScript, { file, start, messageText }: TypeScript.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  if (file === undefined || start === undefined) return text;
  const { line, character } = ts.getLineAndCharacterOfPosition(file, start);
  return `${file.fileName}:${line + 1}:${character + 1}: ${text}`;
}
