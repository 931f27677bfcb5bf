// The source files of the repository and their imports, for the tests in this folder.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root: string = join(dirname(fileURLToPath(import.meta.url)), "..");

/** One import or re-export, of values or of types. */
export interface Import {
  /** The importing file, from the root. */
  readonly file: string;
  /** As it is written. */
  readonly specifier: string;
  /** The imported file, from the root; absent for a package. */
  readonly target?: string;
}

/** All files in a folder of the repository, except installed, built and generated ones. */
export function listFiles(folder: string): string[] {
  const skipped = new Set(["node_modules", "dist", "gen", ".git", "scratch", "results", "reference", ".services"]);
  const list = (path: string): string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => !skipped.has(entry.name))
      .flatMap((entry) => {
        const below = path === "" ? entry.name : `${path}/${entry.name}`;
        if (entry.isDirectory()) return list(below);
        return entry.isFile() ? [below] : [];
      });
  return list(folder).sort();
}

/** The TypeScript sources that are compiled into packages: no tests, no fixtures. */
export function listSources(folder: string): string[] {
  return listFiles(folder).filter((file) => /\.ts$/.test(file) && !/\b(test|fixture|test-d)\./.test(file));
}

/** The text of a file. */
export function readText(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

const importPattern = /^\s*(?:import|export)\s(?:[^;"'`]*?\sfrom\s+)?"([^"]+)"|[^.\w]import\(\s*"([^"]+)"\s*\)/gm;

/** Every import that a source text makes, static, dynamic, of values and of types. */
export function readImports(file: string, text: string = readText(file)): Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(importPattern)].map((match) => {
    const specifier = match[1] ?? match[2] ?? "";
    if (!specifier.startsWith(".")) return { file, specifier };
    const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
    return { file, specifier, target };
  });
}
