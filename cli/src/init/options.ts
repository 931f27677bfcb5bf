import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import {
  type Choices,
  defaults,
  isPackageName,
  messageLibraries,
  type PackageManagerName,
  packageManagerNames,
  stores,
  type Target,
  targets,
} from "./choices/index.js";

/** How the command was called: by `npm create potter`, its user may have no `potter` yet. */
const program = /(?:^|[\\/])create-potter(?:\.js)?$/.test(process.argv[1] ?? "")
  ? "npm create potter --"
  : "potter init";

/** The help of `potter init`. */
export const help = defineHelp({
  usage: `${program} [folder] [options]`,
  purpose:
    "Creates a service that runs at once: contract, code, test, Dockerfile. In a project that uses buf already, it shows as a diff " +
    "what it would add to buf.yaml, buf.gen.yaml and package.json, and asks before it writes. It never replaces a file. With a " +
    "terminal and without options, it asks for the choices; else it takes the defaults and prints them. npm create potter does the same.",
  words: { completes: "folder" },
  options: {
    messages: {
      kind: "choice",
      value: "<library>",
      summary: "the library that generates the messages, where es is protobuf-es",
      choices: messageLibraries,
      otherwise: defaults.messages,
    },
    targets: {
      kind: "list",
      value: "<list>",
      summary: "what is generated besides cqrs, which always is, separated by commas",
      choices: targets,
      otherwise: defaults.targets.join(","),
    },
    store: {
      kind: "choice",
      value: "<store>",
      summary: "where events are kept, where pglite is an embedded PostgreSQL",
      choices: stores,
      otherwise: defaults.store,
    },
    "package-manager": {
      kind: "choice",
      value: "<name>",
      summary: "the package manager",
      choices: packageManagerNames,
      otherwise: "that of the lock file, else the one that runs this command",
    },
    name: { kind: "text", value: "<name>", summary: "the name in package.json", otherwise: "that of the folder" },
    yes: { kind: "flag", short: "y", summary: "ask nothing" },
    force: { kind: "flag", summary: "write into a folder that is not empty; files that exist are kept and reported" },
    git: { kind: "flag", summary: "create a git repository, unless the folder is in one" },
    install: { kind: "flag", summary: "install the packages" },
  },
  examples: [
    { name: "potter init library", summary: "create a service in the folder library" },
    { name: "npm create potter library -- --store postgres", summary: "the same by npm, with a PostgreSQL server" },
    { name: "npm create potter library store=postgres", summary: "the same: npm passes such arguments on without --" },
  ],
});

/** The command line of potter init. What is undefined was not chosen. */
export interface InitOptions {
  readonly folder: string | undefined;
  readonly chosen: Partial<Choices>;
  readonly name: string | undefined;
  readonly packageManager: PackageManagerName | undefined;
  readonly yes: boolean;
  readonly force: boolean;
  readonly git: boolean;
  readonly install: boolean;
  /** Whether any option is given: then nothing is asked. */
  readonly hasFlags: boolean;
}

/** Reads the command line. Throws a CliError with the valid values of an option. */
export async function readOptions(argv: readonly string[]): Promise<InitOptions> {
  const { values, words } = await parseArguments(argv.map(toFlag), help);
  const [folder, ...rest] = words;
  if (rest.length > 0) {
    const hint =
      "npm create takes options for itself unless they are behind --: npm create potter my-service -- --store memory";
    throw new CliError(`unexpected argument ${rest[0]}: name one folder. ${hint}`, 2);
  }
  const { messages, store, targets: list, name, packageManager, yes, force, git, install } = values;
  if (name !== undefined && !isPackageName(name)) {
    throw new CliError(`--name ${name}: expected a name that npm allows, in lower case, such as library`, 2);
  }
  return {
    folder,
    chosen: { ...(messages && { messages }), ...(store && { store }), ...(list && { targets: withCode(list) }) },
    name,
    packageManager,
    yes,
    force,
    git,
    install,
    hasFlags: argv.some((arg) => toFlag(arg).startsWith("-")),
  };
}

/** `store=memory` is `--store=memory`: npm create passes on the first, and takes the second for itself. */
function toFlag(arg: string): string {
  return /^(?:messages|targets|store|package-manager|name)=/.test(arg) ? `--${arg}` : arg;
}

/** cqrs is always among them, since the code of a service needs it. */
function withCode(chosen: readonly Target[]): readonly Target[] {
  return targets.filter((target) => target === "cqrs" || chosen.includes(target));
}
