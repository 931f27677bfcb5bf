import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix, resolve } from "node:path";
import type { CompileProblem } from "./problems.js";

/** The packages of proto files that a workspace needs as modules, by their folders in @potter/generator. */
const modules = ["proto", "go-potter"] as const;

/**
 * Adds to each import of a file that is in no module how to add it. What cannot be found because of the import is left out, since it
 * hides the cause. `folder`: where buf ran.
 */
export function explainMissingImports(problems: readonly CompileProblem[], folder: string): readonly CompileProblem[] {
  const missing = new Map<CompileProblem, string>();
  for (const problem of problems) {
    const path = problem.message === "imported file does not exist" ? readImport(problem, folder) : undefined;
    if (path !== undefined) missing.set(problem, path);
  }
  const causes = new Map<CompileProblem, CompileProblem>();
  for (const problem of problems) {
    const cause = [...missing].find(([{ file }, path]) => file === problem.file && isLost(problem, path))?.[0];
    if (cause !== undefined) causes.set(problem, cause);
  }
  return problems
    .filter((problem) => !causes.has(problem))
    .map((problem) => {
      const path = missing.get(problem);
      if (path === undefined) return problem;
      const count = [...causes.values()].filter((cause) => cause === problem).length;
      const follow = count === 0 ? "" : `. ${count} other ${count === 1 ? "error follows" : "errors follow"} from this`;
      return { ...problem, message: `the imported file ${path} does not exist`, hint: adviceOn(path) + follow };
    });
}

/** The path that an import names. undefined: its line cannot be read. */
function readImport({ file, line }: CompileProblem, folder: string): string | undefined {
  try {
    const text = readFileSync(resolve(folder, file), "utf8").split("\n")[line - 1] ?? "";
    return /\bimport\b[^"']*["']([^"']+)["']/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a name cannot be found because it is in the package of an import. */
function isLost({ message }: CompileProblem, path: string): boolean {
  const [, name] = /^cannot find `\.?([\w.]+)` in this scope$/.exec(message) ?? [];
  return name?.startsWith(`${posix.dirname(path).replaceAll("/", ".")}.`) === true;
}

function adviceOn(path: string): string {
  const own = modules.find((name) => existsSync(join(packageFolder(), name, path)));
  if (own === undefined) return "create it, or correct its path, which begins in the folder of a module of buf.yaml";
  const module = `"- path: node_modules/@potter/generator/${own}"`;
  return own === "proto"
    ? `add ${module} to "modules" in buf.yaml; npx potter init does it`
    : `npx potter migrate rewrites your files to potter.v1; to generate before that, add ${module} to "modules" in buf.yaml`;
}

function packageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("@potter/generator/tooling")), "../..");
}
