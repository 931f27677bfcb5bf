import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";

/** The help of `potter explain`. */
export const help = defineHelp({
  usage: "potter explain <code> [options]",
  purpose:
    "Explains an error or a warning of the generator: the rule, the reason, and how to fix it, with an example. The code follows " +
    "`error` or `warning` in the message: `unknown-reference`.",
  words: { list: listCodes },
  options: { list: { kind: "flag", summary: "list all codes" } },
  examples: [{ name: "potter explain unknown-reference", summary: "explain names that cannot be found" }],
});

/** The copy of docs/diagnostics in this package, which the build makes. */
const folder = fileURLToPath(new URL("../../diagnostics/", import.meta.url));

/** Runs `potter explain`. Resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const { values: args, words } = await parseArguments(argv, help);
  const codes = listCodes();
  const [code, ...others] = words;
  if (args.list) {
    if (code !== undefined) throw new CliError("potter explain --list takes no code", 2);
    const width = Math.max(...codes.map(({ length }) => length));
    for (const one of codes) console.log(`${one.padEnd(width)}  ${summarize(readPage(one))}`);
    return 0;
  }
  if (code === undefined || others.length > 0) {
    throw new CliError("expected one code: potter explain <code>; potter explain --list lists all codes", 2);
  }
  if (!codes.includes(code)) throw new CliError(await explainUnknown(code, codes), 2);
  console.log(readPage(code).trimEnd());
  return 0;
}

function listCodes(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.slice(0, -".md".length))
    .sort();
}

function readPage(code: string): string {
  return readFileSync(`${folder}${code}.md`, "utf8");
}

/** The first sentence below the title. */
function summarize(page: string): string {
  const [, paragraph = ""] = page.split(/\n\n+/);
  return (/^.*?[.:](?=\s|$)/s.exec(paragraph)?.[0] ?? paragraph).replaceAll("\n", " ").replace(/:$/, ".");
}

async function explainUnknown(code: string, codes: readonly string[]): Promise<string> {
  if (code === "compile") return "compile is an error of the compiler buf, whose message is all that is known about it";
  const { suggest } = await import("@potter/generator/tooling");
  const near = suggest(code, codes);
  return `unknown code ${code}: ${near === "" ? "potter explain --list lists all codes" : `did you mean ${near}?`}`;
}
