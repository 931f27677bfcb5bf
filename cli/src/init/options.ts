import yargs from "yargs";
import { CliError } from "../cli-error.js";
import {
  type Choices,
  isOneOf,
  isPackageName,
  messageLibraries,
  type PackageManagerName,
  packageManagerNames,
  stores,
  type Target,
  targets,
} from "./choices/index.js";

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
  const args = await yargs(argv.map(toFlag))
    .scriptName("potter init")
    .parserConfiguration({ "parse-positional-numbers": false })
    .help(false)
    .version(false)
    .option("messages", { type: "string", requiresArg: true })
    .option("targets", { type: "string", requiresArg: true })
    .option("store", { type: "string", requiresArg: true })
    .option("package-manager", { type: "string", requiresArg: true })
    .option("name", { type: "string", requiresArg: true })
    .option("yes", { alias: "y", type: "boolean", default: false })
    .option("force", { type: "boolean", default: false })
    .option("git", { type: "boolean", default: false })
    .option("install", { type: "boolean", default: false })
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    })
    .parseAsync();
  const [folder, ...rest] = args._.map(String);
  if (rest.length > 0) {
    const hint =
      "npm create takes options for itself unless they are behind --: npm create potter my-service -- --store memory";
    throw new CliError(`unexpected argument ${rest[0]}: name one folder. ${hint}`, 2);
  }
  const messages = readOne("messages", messageLibraries, args.messages);
  const store = readOne("store", stores, args.store);
  const list = readTargets(args.targets);
  if (args.name !== undefined && !isPackageName(args.name)) {
    throw new CliError(`--name ${args.name}: expected a name that npm allows, in lower case, such as library`, 2);
  }
  return {
    folder,
    chosen: { ...(messages && { messages }), ...(store && { store }), ...(list && { targets: list }) },
    name: args.name,
    packageManager: readOne("package-manager", packageManagerNames, args.packageManager),
    yes: args.yes,
    force: args.force,
    git: args.git,
    install: args.install,
    hasFlags: argv.some((arg) => toFlag(arg).startsWith("-")),
  };
}

/** `store=memory` is `--store=memory`: npm create passes on the first, and takes the second for itself. */
function toFlag(arg: string): string {
  return /^(?:messages|targets|store|package-manager|name)=/.test(arg) ? `--${arg}` : arg;
}

function readOne<T extends string>(option: string, names: readonly T[], text: string | undefined): T | undefined {
  if (text === undefined || isOneOf(names, text)) return text;
  throw new CliError(`--${option} ${text}: expected one of ${names.join(", ")}`, 2);
}

/** cqrs is always among them, since the code of a service needs it. */
function readTargets(text: string | undefined): readonly Target[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(/[,+]/).map((name) => name.trim());
  const unknown = names.find((name) => !isOneOf(targets, name));
  if (unknown !== undefined) throw new CliError(`--targets ${unknown}: expected some of ${targets.join(", ")}`, 2);
  return targets.filter((target) => target === "cqrs" || names.includes(target));
}
