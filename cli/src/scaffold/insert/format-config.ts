import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Options } from "prettier";
import { ts } from "ts-morph";

/** Settings for printing, and where they come from. */
export interface FormatConfig {
  /** Options of prettier. */
  readonly options: Options;
  /** `prettier`, `biome`, `editorconfig`, or none: then the file itself shows its style. */
  readonly source: "prettier" | "biome" | "editorconfig" | undefined;
  /** Why a configuration was not used. */
  readonly problem: string | undefined;
}

/** The settings that print code. Plugins and parsers of the user are not loaded: they are made for another prettier. */
const known = [
  "arrowParens",
  "bracketSameLine",
  "bracketSpacing",
  "endOfLine",
  "experimentalOperatorPosition",
  "experimentalTernaries",
  "objectWrap",
  "printWidth",
  "quoteProps",
  "semi",
  "singleQuote",
  "tabWidth",
  "trailingComma",
  "useTabs",
] as const satisfies readonly (keyof Options)[];

/** Finds how the code at an absolute path is to be formatted: prettier's configuration, otherwise biome's. */
export async function readFormatConfig(path: string): Promise<FormatConfig> {
  const { resolveConfig, resolveConfigFile } = await import("prettier");
  try {
    const configFile = await resolveConfigFile(path);
    const resolved = await resolveConfig(path, { editorconfig: true, useCache: false });
    const biome = configFile === null ? await readBiome(dirname(path)) : undefined;
    if (biome !== undefined) return { options: biome, source: "biome", problem: undefined };
    if (resolved === null) return { options: {}, source: undefined, problem: undefined };
    return { options: select(resolved), source: configFile === null ? "editorconfig" : "prettier", problem: undefined };
  } catch (error) {
    // The message of a configuration that is a program may contain anything; its first line names the file.
    const problem = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { options: {}, source: undefined, problem };
  }
}

function select(options: Options): Options {
  return Object.fromEntries(known.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}

interface BiomeFormatter {
  readonly indentStyle?: string;
  readonly indentWidth?: number;
  readonly indentSize?: number;
  readonly lineWidth?: number;
  readonly lineEnding?: string;
  readonly bracketSpacing?: boolean;
  readonly quoteStyle?: string;
  readonly quoteProperties?: string;
  readonly semicolons?: string;
  readonly trailingCommas?: string;
  readonly trailingComma?: string;
  readonly arrowParentheses?: string;
}

/** Reads the nearest biome.json, from a folder upwards. */
async function readBiome(folder: string): Promise<Options | undefined> {
  for (const name of ["biome.json", "biome.jsonc"]) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    // biome.json may have comments and trailing commas.
    const { config, error } = ts.parseConfigFileTextToJson(name, text);
    if (error !== undefined) throw new Error(`${join(folder, name)} is no valid JSON`);
    return toPrettier(config as { formatter?: BiomeFormatter; javascript?: { formatter?: BiomeFormatter } });
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : readBiome(parent);
}

function toPrettier(config: { formatter?: BiomeFormatter; javascript?: { formatter?: BiomeFormatter } }): Options {
  const all = { ...config.formatter, ...config.javascript?.formatter };
  return {
    useTabs: (all.indentStyle ?? "tab") === "tab",
    tabWidth: all.indentWidth ?? all.indentSize ?? 2,
    printWidth: all.lineWidth ?? 80,
    singleQuote: all.quoteStyle === "single",
    semi: all.semicolons !== "asNeeded",
    quoteProps: all.quoteProperties === "preserve" ? "preserve" : "as-needed",
    trailingComma: asOne(all.trailingCommas ?? all.trailingComma, ["all", "es5", "none"], "all"),
    bracketSpacing: all.bracketSpacing ?? true,
    arrowParens: all.arrowParentheses === "asNeeded" ? "avoid" : "always",
    endOfLine: asOne(all.lineEnding, ["lf", "crlf", "cr", "auto"], "lf"),
  };
}

function asOne<T extends string>(value: string | undefined, values: readonly T[], otherwise: T): T {
  return values.find((one) => one === value) ?? otherwise;
}
