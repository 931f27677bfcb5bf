import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { chooseTargets, plugins } from "@potter/generator/tooling";
import { programOf } from "../../plugins/index.js";
import { listInputFiles, openProject, type PluginEntry } from "../../project/index.js";

/** The files whose changes count. Absolute paths, which may be missing. */
export interface Watched {
  /** Single files that decide what is generated. */
  readonly files: readonly string[];
  /** Folders whose proto files decide what is generated. */
  readonly protoFolders: readonly string[];
  /** The folder whose code the user's command runs. undefined: there is no command. */
  readonly sourceFolder: string | undefined;
  /** Folders below it whose code does not count. */
  readonly ignored: readonly string[];
}

/** What a command line decides. */
export interface WatchChoice {
  /** The template, from the folder of the project. */
  readonly template: string;
  /** Whether code counts, because a command runs it. */
  readonly sources: boolean;
  /** Folders whose code does not count, from the folder of the project. */
  readonly ignored: readonly string[];
}

/** Reads from a project which files count. Throws a CliError if its template cannot be used. */
export function readWatched(folder: string, choice: WatchChoice): Watched {
  const { template } = openProject(folder, choice.template);
  const inputs = listInputFiles(folder, template);
  const base = readConfiguration(folder, choice);
  const files = [
    ...base.files,
    ...inputs.files,
    ...template.plugins.flatMap((entry) => listOptionFiles(folder, entry)),
  ];
  return { ...base, files: [...new Set(files)].sort(), protoFolders: inputs.folders };
}

/** What counts while the template cannot be read: that it changes. */
export function readConfiguration(folder: string, { template, sources, ignored }: WatchChoice): Watched {
  return {
    files: [resolve(folder, template), join(folder, "buf.yaml"), join(folder, "buf.lock")],
    protoFolders: [],
    sourceFolder: sources ? folder : undefined,
    ignored: ignored.map((path) => resolve(folder, path)),
  };
}

/** The files that a plugin of a template is made of or that its options name, such as base documents and locks. */
function listOptionFiles(folder: string, { command = [], parameter }: PluginEntry): readonly string[] {
  const found = new Set<string>();
  const plugin = plugins.find(({ name }) => command.map(programOf).includes(name));
  if (plugin === undefined) {
    // The program itself is found on the path; its first argument may be a script that is not there yet.
    for (const word of command.slice(1)) if (/\.[cm]?[jt]s$/.test(word)) found.add(resolve(folder, word));
    const values = parameter.split(",").map((option) => option.slice(option.indexOf("=") + 1));
    for (const value of [...command, ...values]) {
      const path = resolve(folder, value);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) found.add(path);
    }
    return [...found];
  }
  try {
    chooseTargets(plugin, parameter, (path) => {
      found.add(resolve(folder, path));
      return readFileSync(resolve(folder, path), "utf8");
    });
  } catch {
    // The run reports what is wrong with them.
  }
  return [...found];
}
