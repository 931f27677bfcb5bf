import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { readPages } from "./pages/index.js";

/** The help of `potter explain`. */
export const help = defineHelp({
  usage: "potter explain <code> [options]",
  purpose:
    "Explains a code that a command prints: an error or a warning of the generator, a finding of potter check, a check of potter doctor, " +
    "a word of the scaffold. What it means, an example, what to do, and how a review accepts it.",
  words: { list: () => [...readPages().keys()] },
  options: { list: { kind: "flag", summary: "list all codes" } },
  examples: [
    { name: "potter explain unknown-reference", summary: "explain names that cannot be found" },
    { name: "potter explain rpc-removed", summary: "explain a finding of potter check" },
  ],
});

/** Runs `potter explain`. Resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const { values: args, words } = await parseArguments(argv, help);
  const pages = readPages();
  const [code, ...others] = words;
  if (args.list) {
    if (code !== undefined) throw new CliError("potter explain --list takes no code", 2);
    const width = Math.max(...[...pages.keys()].map(({ length }) => length));
    for (const page of pages.values()) console.log(`${page.code.padEnd(width)}  ${page.summary}`);
    return 0;
  }
  if (code === undefined || others.length > 0) {
    throw new CliError("expected one code: potter explain <code>; potter explain --list lists all codes", 2);
  }
  const page = pages.get(code);
  if (page === undefined) throw new CliError(await explainUnknown(code, [...pages.keys()]), 2);
  console.log(page.text);
  return 0;
}

/** Where the codes of other tools are explained, of which a newer version may have more. */
const elsewhere = [
  ["wire-", "a rule of buf: https://buf.build/docs/breaking/rules/"],
  ["graphql-", "a change of GraphQL Inspector: https://the-guild.dev/graphql/inspector"],
] as const;

async function explainUnknown(code: string, codes: readonly string[]): Promise<string> {
  const { suggest } = await import("@potter/generator/tooling");
  const near = suggest(code, codes);
  if (near !== "") return `unknown code ${code}: did you mean ${near}?`;
  const [, what] = elsewhere.find(([prefix]) => code.startsWith(prefix)) ?? [];
  const other = what === undefined ? "" : `; it may be ${what}`;
  return `unknown code ${code}: potter explain --list lists all codes${other}`;
}
