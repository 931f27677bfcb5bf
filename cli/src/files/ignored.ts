import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runGit } from "../run-git.js";

/** Says of a path below a folder, relative to it with `/`, that its file or folder is no code of the user. */
export type IsIgnored = (path: string) => boolean;

/** Reads what git ignores below a folder, and what its tsconfig.json excludes. */
export function readIgnored(root: string): IsIgnored {
  const byGit = ignoredByGit(root);
  const excluded = excludedByTsconfig(root);
  return (path) => byGit.has(path) || excluded.some((pattern) => pattern.test(path));
}

/** The ignored files and folders, without what is in ignored folders. Empty where git does not know. */
function ignoredByGit(root: string): ReadonlySet<string> {
  const args = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"];
  const { status, stdout } = runGit(args, root);
  if (status !== 0) return new Set();
  const paths = stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
  // A project in an ignored folder is not ignored by itself.
  return paths.includes("./") ? new Set() : new Set(paths.map((path) => path.replace(/\/$/, "")));
}

/** The patterns of `exclude`. Configurations that tsconfig.json extends are not read. */
function excludedByTsconfig(root: string): readonly RegExp[] {
  try {
    const { exclude } = parseWithComments(readFileSync(join(root, "tsconfig.json"), "utf8")) as { exclude?: unknown };
    const patterns = Array.isArray(exclude) ? exclude : [];
    return patterns.filter((one) => typeof one === "string").map(toPattern);
  } catch {
    // There is none, or the compiler reports what is wrong with it.
    return [];
  }
}

/** A pattern of TypeScript: `*` and `?` within a name, `**` for any folders. A folder excludes all that is in it. */
function toPattern(glob: string): RegExp {
  const names = glob
    .replace(/^\.\//, "")
    .split("/")
    .filter((name) => name !== "");
  const source = names.map((name, at) => {
    if (name === "**") return at === names.length - 1 ? ".*" : "(?:[^/]+/)*";
    const escaped = name
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", "[^/]*")
      .replaceAll("?", "[^/]");
    return at === names.length - 1 ? escaped : `${escaped}/`;
  });
  return new RegExp(`^${source.join("")}(?:/|$)`);
}

/** JSON with comments and trailing commas. */
function parseWithComments(text: string): unknown {
  const bare = text
    .replace(/^\u{feff}/u, "")
    .replaceAll(/("(?:\\.|[^"\\])*")|\/\/.*|\/\*[\s\S]*?\*\//g, (_, string: string | undefined) => string ?? "");
  return JSON.parse(
    bare.replaceAll(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string: string | undefined) => string ?? ""),
  );
}
