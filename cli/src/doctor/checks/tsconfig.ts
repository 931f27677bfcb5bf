import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { isWithin } from "../../is-within.js";
import { openProject } from "../../project/index.js";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { findInstalled, readManifest } from "../packages/index.js";
import { readTsconfig, type Tsconfig } from "../tsconfig/index.js";
import { listPotterPlugins, valuesOf } from "./potter-plugins.js";

/** The settings of TypeScript, through all that a tsconfig extends: whether generated code compiles under them. */
export const tsconfig: Check = {
  name: "tsconfig",
  step: "reading tsconfig.json",
  run: async (folder) => {
    const path = join(folder, "tsconfig.json");
    if (!existsSync(path))
      return [warning("there is no tsconfig.json", 'create one with "module": "nodenext" and "strict": true')];
    const major = Number.parseInt(findInstalled("typescript", folder)?.manifest.version ?? "6", 10);
    const first = await readTsconfig(path, major);
    // A configuration that only refers to others compiles nothing.
    const isSolution = first.files.length === 0 && first.references.length > 0 && first.problems.length === 0;
    const all = isSolution
      ? await Promise.all(first.references.filter(existsSync).map((one) => readTsconfig(one, major)))
      : [first];
    const code = readCode(folder);
    // Of several, those that compile generated code.
    const relevant = all.filter(
      ({ files, problems }) =>
        problems.length > 0 || code.folders.some((out) => files.some((file) => isWithin(resolve(file), out))),
    );
    return (isSolution && relevant.length > 0 ? relevant : all).flatMap((one) => checkConfig(one, code, folder));
  },
};

/** What of the project's generated code matters to TypeScript. */
interface GeneratedCode {
  /** The folders of generated code, absolute. */
  readonly folders: readonly string[];
  /** The extensions of its imports. */
  readonly extensions: ReadonlySet<string>;
}

function readCode(folder: string): GeneratedCode {
  try {
    const own = listPotterPlugins(openProject(folder)).filter(({ targets }) =>
      targets.some(({ options }) => "import_extension" in options),
    );
    return {
      folders: [...new Set(own.map(({ entry }) => resolve(folder, entry.out)))],
      extensions: valuesOf(own, "import_extension"),
    };
  } catch {
    // Another check reports that.
    return { folders: [], extensions: new Set() };
  }
}

function checkConfig(config: Tsconfig, code: GeneratedCode, folder: string): readonly Finding[] {
  const name = relative(folder, config.path);
  if (config.problems.length > 0) return config.problems.map((problem) => error(`${name}: ${problem}`, "mend it"));
  const findings = [
    ...(config.strict ? [] : [warning(`${name}: strict is off, so types of handlers are imprecise`, '"strict": true')]),
    ...checkResolution(config, code, name),
    ...checkSyntax(config, name, folder),
    ...code.folders.flatMap((out) => checkFolder(config, out, name, folder)),
  ];
  const setting = config.resolutionSetting ?? `the default of TypeScript, ${config.resolution}`;
  return findings.length > 0 ? findings : [ok(`${name}: strict, ${setting}`)];
}

function checkResolution(config: Tsconfig, { extensions }: GeneratedCode, name: string): readonly Finding[] {
  const { resolution, allowsTsExtensions } = config;
  const setting = config.resolutionSetting ?? "no module setting";
  if (resolution === "classic" || resolution === "node10") {
    return [
      error(
        `${name}: ${setting} finds no subpath of packages, such as @potter/runtime/node`,
        '"module": "nodenext", or "moduleResolution": "bundler"',
      ),
    ];
  }
  if (extensions.has("none") && resolution === "node") {
    return [
      error(
        `${name}: ${setting} needs extensions in imports, but import_extension=none omits them`,
        "set import_extension=js for Potter and the messages",
      ),
    ];
  }
  if (extensions.has("ts") && !allowsTsExtensions) {
    return [
      error(
        `${name}: import_extension=ts needs a setting that allows it`,
        '"rewriteRelativeImportExtensions": true, or "allowImportingTsExtensions": true',
      ),
    ];
  }
  return [];
}

/** With verbatimModuleSyntax, imports in a CommonJS file are errors. */
function checkSyntax({ verbatimModuleSyntax, resolution }: Tsconfig, name: string, folder: string): readonly Finding[] {
  if (!verbatimModuleSyntax || resolution !== "node") return [];
  if (readManifest(join(folder, "package.json"))?.type === "module") return [];
  return [
    error(
      `${name}: verbatimModuleSyntax refuses the imports of generated code, since package.json makes it CommonJS`,
      '"type": "module" in package.json',
    ),
  ];
}

function checkFolder({ files, rootDir }: Tsconfig, out: string, name: string, folder: string): readonly Finding[] {
  const shown = relative(folder, out).split(sep).join("/");
  if (rootDir !== undefined && !isWithin(out, rootDir)) {
    return [
      error(
        `${name}: ${shown}, the generated code, is not below rootDir`,
        `set "rootDir" to a folder that contains ${shown}`,
      ),
    ];
  }
  // A folder that is not generated yet has nothing that could be included.
  if (!existsSync(out)) return [];
  if (files.some((file) => isWithin(resolve(file), out))) return [];
  return [warning(`${name} does not include ${shown}, the generated code`, `add "${shown}" to "include"`)];
}
