import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Choices, PackageManager } from "../choices/index.js";
import { printApp } from "./print-app.js";
import { printBufYaml, printTemplate } from "./print-buf.js";
import { printDockerfile } from "./print-dockerfile.js";
import { printPackage, printSettings } from "./print-package.js";
import { printReadme } from "./print-readme.js";

/** The files that are the same in all projects. npm does not pack some names with a dot, so `_gitignore` stands for `.gitignore`. */
const templates = fileURLToPath(new URL("../../../templates/", import.meta.url));

/** The files of a new project, by path with slashes. */
export function projectFiles(name: string, choices: Choices, manager: PackageManager): ReadonlyMap<string, string> {
  // The app that is written has `waits()`, which its document shows.
  const options = choices.targets.includes("openapi") ? ["waits=on"] : [];
  const files = new Map<string, string>([
    ["buf.yaml", printBufYaml()],
    ["buf.gen.yaml", printTemplate(choices, undefined, options)],
    ["package.json", printPackage(name, choices, manager)],
    ["src/app.ts", printApp(choices)],
    ["Dockerfile", printDockerfile(choices, manager)],
    ["README.md", printReadme(name, choices, manager)],
    ...Object.entries(printSettings(manager)),
  ]);
  for (const [path, text] of readTemplates()) if (isChosen(path, choices)) files.set(path, text);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isChosen(path: string, { targets, store }: Choices): boolean {
  if (/(?:^|\/)loans\./.test(path)) return targets.includes("saga");
  return path !== "compose.yaml" || store === "postgres";
}

function readTemplates(): readonly (readonly [string, string])[] {
  return readdirSync(templates, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = relative(templates, file).split(sep).join("/");
      return [path.replace(/(^|\/)_(?=[^/]*$)/, "$1."), readFileSync(file, "utf8")] as const;
    });
}
