import { basename, relative, resolve } from "node:path";
import { CliError } from "../cli-error.js";
import { countOf } from "../count-of.js";
import { printDiff } from "../print-diff.js";
import { applyEdits, isBufProject, planAdoption } from "./adopt/index.js";
import { type Choices, defaults, findPackageManager, type PackageManager, packageNameOf } from "./choices/index.js";
import { createProject, readEntries } from "./create/index.js";
import { type InitOptions, readOptions } from "./options.js";
import { createRepository, install } from "./programs.js";
import { askChoices, askFolder, askToWrite, isInteractive } from "./prompts.js";

/** Runs `potter init`. Resolves to the exit code. */
export async function run(argv: readonly string[], start: string): Promise<number> {
  const options = await readOptions(argv);
  const asks = !options.hasFlags && isInteractive();
  const suggestion = readEntries(start).length === 0 || isBufProject(start) ? "." : "my-service";
  const folder = resolve(start, options.folder ?? (asks ? await askFolder(suggestion) : "."));
  const manager = findPackageManager(folder, process.env["npm_config_user_agent"], options.packageManager);
  const name = options.name ?? packageNameOf(basename(folder));
  if (isBufProject(folder)) return adopt(folder, name, manager, options);

  const entries = readEntries(folder);
  if (entries.length > 0 && !options.force) {
    const some = entries.slice(0, 3).join(", ") + (entries.length > 3 ? ", …" : "");
    throw new CliError(
      `${folder} is not empty (${some}): name another folder, or add --force, which adds what is missing and replaces no file`,
    );
  }
  const choices = asks ? await askChoices() : { ...defaults, ...options.chosen };
  const { written, kept } = await createProject({ folder, name, choices, manager });
  console.log(`created ${name} in ${folder}: ${countOf(written.length, "file")}`);
  if (!asks) console.log(`with ${printChoices(choices, manager)}`);
  for (const path of kept) console.log(`${path}: kept as it is, since it exists`);
  finish(folder, manager, options);
  console.log(printNext(relative(start, folder), manager, options.install, choices));
  return 0;
}

/** Adds Potter to a project that uses buf. */
async function adopt(folder: string, name: string, manager: PackageManager, options: InitOptions): Promise<number> {
  const { edits, snippets } = planAdoption(folder, name, options.chosen);
  for (const { path, old, text } of edits) console.log(printDiff(path, old, text).trimEnd());
  for (const { path, reason, text } of snippets)
    console.error(`${path}: ${reason}\n\n${text.replaceAll(/^/gm, "    ")}\n`);
  if (edits.length > 0) {
    if (!options.yes && !isInteractive()) {
      throw new CliError("nothing was written: add --yes to write these changes");
    }
    if (!options.yes && !(await askToWrite())) {
      console.log("nothing was written");
      return 0;
    }
    await applyEdits(folder, edits);
    console.log(`wrote ${edits.map(({ path }) => path).join(", ")}`);
  } else if (snippets.length === 0) {
    console.log("nothing to do: the project has all that Potter needs");
  }
  finish(folder, manager, options);
  if (edits.length > 0) {
    const steps = [...(options.install ? [] : [`${manager.name} install`]), manager.run("generate")];
    console.log(`next: ${steps.join(" && ")}`);
  }
  return snippets.length > 0 ? 1 : 0;
}

function finish(folder: string, manager: PackageManager, options: InitOptions): void {
  if (options.git) console.log(createRepository(folder));
  if (options.install) install(folder, manager);
}

/** The choices as options, so that the same command line gives the same project. */
function printChoices({ messages, targets, store }: Choices, manager: PackageManager): string {
  return `--messages ${messages} --targets ${targets.join(",")} --store ${store} --package-manager ${manager.name}`;
}

function printNext(path: string, manager: PackageManager, isInstalled: boolean, { store, targets }: Choices): string {
  const steps = [
    ...(path === "" ? [] : [`cd ${/^[\w./-]+$/.test(path) ? path : `"${path}"`}`]),
    ...(isInstalled ? [] : [`${manager.name} install`]),
    manager.run("generate"),
    manager.run("test"),
    ...(store === "postgres" ? ["docker compose up --detach"] : []),
    manager.run("start"),
  ];
  const surfaces = ["REST", "gRPC", "Connect", ...(targets.includes("graphql") ? ["GraphQL"] : [])];
  const readme = `README.md shows how to call it over ${surfaces.slice(0, -1).join(", ")} and ${surfaces.at(-1)}`;
  return `\nnext:\n${steps.map((step) => `  ${step}`).join("\n")}\n\n${readme}`;
}
