import { CliError } from "../cli-error.js";
import { type Choices, defaults, messageLibraries, stores, targets } from "./choices/index.js";

/** Whether somebody can answer: the process has a terminal, and is not a job of CI. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env["CI"];
}

/** Asks for the folder of a new project. */
export async function askFolder(suggestion: string): Promise<string> {
  const { text, isCancel } = await import("@clack/prompts");
  const answer = await text({ message: "Folder of the service", placeholder: suggestion, defaultValue: suggestion });
  return isCancel(answer) ? cancel() : answer;
}

/** Asks for all choices. */
export async function askChoices(): Promise<Choices> {
  const { multiselect, isCancel } = await import("@clack/prompts");
  const store = await askOne("Where are the events kept?", stores, defaults.store);
  const chosen = await multiselect<string>({
    message: "What is generated besides the code?",
    options: describe(targets.filter((target) => target !== "cqrs")),
    initialValues: defaults.targets.filter((target) => target !== "cqrs"),
    required: false,
  });
  if (isCancel(chosen)) return cancel();
  const messages = await askOne("Which library generates the messages?", messageLibraries, defaults.messages);
  return { messages, store, targets: targets.filter((target) => target === "cqrs" || chosen.includes(target)) };
}

async function askOne<T extends string>(message: string, names: readonly T[], initialValue: T): Promise<T> {
  const { select, isCancel } = await import("@clack/prompts");
  const answer = await select<string>({ message, options: describe(names), initialValue });
  return isCancel(answer) ? cancel() : (names.find((name) => name === answer) ?? initialValue);
}

function describe(
  names: readonly string[],
): { readonly value: string; readonly label: string; readonly hint: string }[] {
  return names.map((value) => ({ value, label: value, hint: hints[value] ?? "" }));
}

/** Asks whether the changes of a plan are to be written. */
export async function askToWrite(): Promise<boolean> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message: "Write these changes?" });
  return isCancel(answer) ? cancel() : answer;
}

function cancel(): never {
  throw new CliError("cancelled: nothing was written");
}

const hints: Readonly<Record<string, string>> = {
  pglite: "an embedded PostgreSQL in a folder: nothing to install",
  postgres: "a PostgreSQL server; compose.yaml starts one",
  memory: "lost when the service ends",
  openapi: "a document of the REST API",
  graphql: "a schema, served at /graphql",
  asyncapi: "a document of the events",
  saga: "processes over several steps, with an example",
  client: "typed clients for browsers and services",
  es: "protobuf-es",
  "ts-proto": "ts-proto: plain interfaces",
};
