import { existsSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { pathOf } from "../../buf/index.js";
import { docsUrl } from "../../docs-url.js";
import { isWithin } from "../../is-within.js";
import { chooseRunner, listPotterPlugins, packageNameOf } from "../../plugins/index.js";
import { openProject, type PluginEntry, type Project } from "../../project/index.js";
import { type Check, error, type Finding, messageOf, ok, warning } from "../findings/index.js";

/** The template `buf.gen.yaml`: its syntax, its plugins and their options, and what `clean: true` would delete. */
export const template: Check = {
  name: "buf.gen.yaml",
  step: "looking for plugins",
  run: (folder) => {
    let project: Project;
    try {
      project = openProject(folder);
    } catch (thrown) {
      if (!existsSync(join(folder, "buf.gen.yaml"))) {
        const remedy = "npx potter init adds one; if this is not the folder of your project, name that by --cwd";
        return [error("there is no buf.gen.yaml, which says what to generate", remedy)];
      }
      return [error(messageOf(thrown), `mend buf.gen.yaml; an example: ${docsUrl("guides/generating.md#with-buf")}`)];
    }
    const { plugins, onlyBuf } = project.template;
    const own = listPotterPlugins(project);
    const problems = own.flatMap(({ entry, problem }) =>
      problem === undefined
        ? []
        : [error(`${entry.place}: ${entry.name}: ${problem}`, `mend the option; all are in ${docsUrl("options.md")}`)],
    );
    const missing = plugins.flatMap((entry) => findMissing(entry, folder));
    return [
      ...(onlyBuf === undefined
        ? []
        : [warning(`buf runs all plugins: ${onlyBuf}`, "none is needed; generation takes longer")]),
      ...(own.length > 0
        ? []
        : [warning("buf.gen.yaml names no plugin of Potter", "add protoc-gen-potter-cqrs: npx potter init")]),
      ...problems,
      ...missing,
      ...(problems.length + missing.length === 0
        ? [ok(`plugins are found, with valid options: ${plugins.length}`)]
        : []),
      ...checkClean(project),
    ];
  },
};

function findMissing(entry: PluginEntry, folder: string): readonly Finding[] {
  const { command, name, place } = entry;
  if (command === undefined || chooseRunner(entry, folder).kind !== "process") return [];
  const [program = ""] = command;
  if (isProgram(program, folder)) return [];
  const remedy = /[/\\]/.test(program)
    ? "create that file, or name the plugin"
    : `npm install --save-dev ${packageNameOf(program)}`;
  return [error(`${place}: cannot find the plugin ${name}`, remedy)];
}

function isProgram(program: string, folder: string): boolean {
  const endings = process.platform === "win32" ? ["", ...(process.env["PATHEXT"] ?? ".EXE;.CMD").split(";")] : [""];
  const folders = /[/\\]/.test(program) ? [folder] : pathOf(folder).split(delimiter);
  return folders.some((at) =>
    endings.some((ending) => statSync(resolve(at, program + ending), { throwIfNoEntry: false })?.isFile()),
  );
}

/** With `clean: true`, buf empties the folders of the plugins. */
function checkClean({ folder, template: { plugins, clean } }: Project): readonly Finding[] {
  if (!clean) return [];
  return [...new Set(plugins.map(({ out }) => out))].flatMap((out) => {
    const path = resolve(folder, out);
    if (!isWithin(folder, path) && !existsSync(join(path, "package.json"))) return [];
    return [
      error(
        `clean: true empties ${out}, which contains your project, when buf generate runs`,
        'remove clean: true, or give "out" a folder of its own',
      ),
    ];
  });
}
