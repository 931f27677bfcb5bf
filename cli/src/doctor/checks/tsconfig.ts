import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { docsUrl } from "../../docs-url.js";
import { isWithin } from "../../is-within.js";
import { listPotterPlugins, type PotterPlugin } from "../../plugins/index.js";
import { openProject } from "../../project/index.js";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { findInstalled, readManifest } from "../packages/index.js";
import { askCompiler, readTsconfig, type Tsconfig } from "../tsconfig/index.js";
import { valuesOf } from "./template-options.js";

/** The settings of TypeScript, through all that a tsconfig extends: whether generated code compiles under them. */
export const tsconfig: Check = {
  name: "tsconfig",
  step: "reading tsconfig.json",
  run: async (folder) => {
    const path = join(folder, "tsconfig.json");
    if (!existsSync(path)) return [warning("there is no tsconfig.json", `write into it ${JSON.stringify(suggested)}`)];
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
    const found: Finding[] = [];
    for (const one of isSolution && relevant.length > 0 ? relevant : all) {
      found.push(...(await checkConfig(one, code, folder)));
    }
    return found;
  },
};

/** What a project without a tsconfig begins with. */
const suggested = {
  compilerOptions: { target: "es2023", module: "nodenext", types: ["node"], strict: true, skipLibCheck: true },
};

/** What of the project's generated code matters to TypeScript. */
interface GeneratedCode {
  /** The folders of generated code, absolute. */
  readonly folders: readonly string[];
  /** Those of them with JavaScript, which TypeScript does not compile. */
  readonly javascript: ReadonlySet<string>;
  /** The extensions of its imports. */
  readonly extensions: ReadonlySet<string>;
}

function readCode(folder: string): GeneratedCode {
  try {
    const own = listPotterPlugins(openProject(folder)).filter(({ targets }) =>
      targets.some(({ options }) => "import_extension" in options),
    );
    const isJavaScript = ({ targets }: PotterPlugin): boolean =>
      targets.some(({ options }) => options["target"]?.split("+").includes("ts") === false);
    return {
      folders: [...new Set(own.map(({ entry }) => resolve(folder, entry.out)))],
      javascript: new Set(own.filter(isJavaScript).map(({ entry }) => resolve(folder, entry.out))),
      extensions: valuesOf(own, "import_extension"),
    };
  } catch {
    // Another check reports that.
    return { folders: [], javascript: new Set(), extensions: new Set() };
  }
}

async function checkConfig(config: Tsconfig, code: GeneratedCode, folder: string): Promise<readonly Finding[]> {
  const name = relative(folder, config.path);
  if (config.problems.length > 0) return config.problems.map((problem) => error(`${name}: ${problem}`, "mend it"));
  const findings = [
    ...(config.strict ? [] : [warning(`${name}: strict is off, so types of handlers are imprecise`, '"strict": true')]),
    ...checkResolution(config, code, name),
    ...checkSyntax(config, name, folder),
    ...code.folders.flatMap((out) =>
      code.javascript.has(out) ? checkJavaScript(config, out, name, folder) : checkFolder(config, out, name, folder),
    ),
  ];
  // What is wrong with a setting leads to errors of the compiler.
  const reported = findings.some(({ status }) => status === "error") ? [] : await askCompiler(config.path, folder);
  findings.push(...reported.map(({ message, remedy }) => error(`${name}: tsc reports ${message}`, remedy)));
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

/** What is written must be what Node takes the file for. With verbatimModuleSyntax, imports in a CommonJS file are errors. */
function checkSyntax(config: Tsconfig, name: string, folder: string): readonly Finding[] {
  const { verbatimModuleSyntax, resolution, writesCommonJs } = config;
  const isModule = readManifest(join(folder, "package.json"))?.type === "module";
  // The remedy of another resolution also mends this.
  if (writesCommonJs && isModule && (resolution === "node" || resolution === "bundler")) {
    return [
      error(
        `${name}: module: commonjs writes CommonJS, but "type": "module" in package.json makes Node run it as an ES module`,
        '"module": "nodenext"',
      ),
    ];
  }
  if (!verbatimModuleSyntax || resolution !== "node" || isModule) return [];
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

/** Compiled code must find generated JavaScript from where it is written by the path that its source has: nothing copies it. */
function checkJavaScript(
  { root, outDir, files }: Tsconfig,
  out: string,
  name: string,
  folder: string,
): readonly Finding[] {
  if (outDir === undefined || resolve(outDir, relative(root, out)) === out) return [];
  const show = (path: string): string => relative(folder, path).split(sep).join("/") || ".";
  const own = files.filter((file) => !isWithin(resolve(file), out)).map((file) => show(resolve(file)));
  const [source = "src"] = [...new Set(own.map((file) => file.split("/")[0] ?? ""))].filter(
    (one) => !one.includes("."),
  );
  const [target, code] = [show(outDir), show(out)];
  return [
    error(
      `${name}: code in ${target} does not find ${code}, the generated JavaScript, which tsc does not copy to ${target}`,
      `keep your code in ${source}, set "rootDir": "${source}" and "include": ["${source}"], and start ${target}/main.js in place of ` +
        `${target}/${source}/main.js: ${docsUrl("guides/generating.md#javascript")}`,
    ),
  ];
}
