import { suggest } from "@potter/generator/tooling";
import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { type CompileInput, compile } from "../contract/index.js";
import { printErrors } from "../errors/index.js";
import { PotterPass } from "../plugins/index.js";
import { withProgress } from "../progress.js";
import { openProject } from "../project/index.js";
import { addReactions } from "./add-reactions.js";
import { filterGraph, type Graph, type GraphFilter, isBelow, isOf } from "./graph.js";
import { type Format, formatOf, openOutput } from "./output-file.js";
import { printMermaid } from "./print-mermaid.js";
import { type ContractGraph, readGraph } from "./read-graph.js";

/** The help of `potter graph`. */
export const help = defineHelp({
  usage: "potter graph [input] [options]",
  purpose:
    "Prints a diagram of Mermaid: from the commands of services over aggregates and their events to read models, sagas and queries, " +
    "so that it shows who emits an event and who consumes it. The input is what buf build accepts; default: the inputs of buf.gen.yaml. " +
    "Exits with 0, with 1 if the contract has errors or --check finds another diagram, and with 2 if the command line is invalid.",
  words: { most: 1, completes: "folder" },
  options: {
    out: {
      kind: "text",
      value: "<file>",
      summary:
        "write to this file; a file that ends in .md is changed only between <!-- potter graph --> and <!-- end of potter graph -->",
      otherwise: "print the diagram",
      completes: "file",
    },
    check: { kind: "flag", summary: "write nothing, and fail if the file has another diagram" },
    format: {
      kind: "choice",
      value: "<name>",
      summary: "the format",
      choices: ["mermaid", "json"],
      otherwise: "that of the file, else mermaid",
    },
    package: {
      kind: "text",
      value: "<name>",
      summary: "only this package, those below it, and the neighbours of both",
      many: true,
    },
    service: {
      kind: "text",
      value: "<name>",
      summary: "only this service, what it addresses and reads, and the neighbours of that",
      many: true,
    },
    reactions: {
      kind: "text",
      value: "<folder>",
      summary: "also the reactions in the code below this folder, without tests",
      many: true,
      completes: "folder",
    },
  },
  examples: [
    { name: "potter graph --reactions src", summary: "with the reactions in your code" },
    { name: "potter graph --out README.md", summary: "keep the diagram in the README up to the contract" },
    { name: "potter graph --out README.md --check", summary: "fail in CI if it is not" },
    { name: "potter graph --service OrderService --format json", summary: "one service, for other programs" },
  ],
});

/** Runs `potter graph`. Resolves to the exit code: 1 if the contract has errors, or if a file has another diagram and `--check` is set. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values, words } = await parseArguments(argv, help);
  const { out, check } = values;
  if (check && out === undefined) throw new CliError("--check needs --out, the file to look at", 2);
  const format = out === undefined ? (values.format ?? "mermaid") : formatOf(out, values.format);
  try {
    const graph = await withProgress(async ({ step }) => {
      step("compiling the contract");
      return addReactions(await read(folder, words[0]), values.reactions, folder);
    });
    const filter = { packages: values.package, services: values.service };
    checkFilter(graph, filter);
    const printed = print(filterGraph(graph, filter), format);
    if (out === undefined) {
      console.log(printed.trimEnd());
      return 0;
    }
    return await write(folder, out, printed, check);
  } catch (error) {
    return printErrors(error, folder, false);
  }
}

async function read(folder: string, input: string | undefined): Promise<ContractGraph> {
  const contracts = await compile(input === undefined ? listInputs(folder) : [toInput(input)], folder);
  const models = contracts.flatMap((contract) => {
    const pass = new PotterPass(contract, folder);
    const analyses = pass.analyse({ strategy: "all", includeImports: false, includeWkt: false });
    pass.endOnErrors();
    return analyses.map(({ model }) => model);
  });
  return readGraph(models);
}

function listInputs(folder: string): readonly CompileInput[] {
  const { file, inputs, onlyBuf } = openProject(folder).template;
  if (inputs.length > 0) return inputs;
  throw new CliError(
    `${file}: cannot read its inputs: ${onlyBuf ?? "there are none"}; name an input: potter graph proto`,
    2,
  );
}

function toInput(source: string): CompileInput {
  return { source, paths: [], excludePaths: [] };
}

/** Throws a CliError for a name that selects nothing. */
function checkFilter({ nodes }: Graph, { packages, services }: GraphFilter): void {
  const refuse = (option: string, name: string, known: readonly string[]): void => {
    const all = [...new Set(known)].sort();
    const near = suggest(name, all);
    const hint = near === "" ? `expected one of ${all.join(", ")}` : `did you mean ${near}?`;
    throw new CliError(`--${option} ${name}: the contract has no such ${option}; ${hint}`, 2);
  };
  for (const name of packages) {
    const known = nodes.map((node) => node.package);
    if (!known.some((one) => isBelow(one, name))) refuse("package", name, known);
  }
  for (const name of services) {
    const known = nodes.flatMap(({ service = "" }) => [service.slice(service.lastIndexOf(".") + 1), service]);
    if (!nodes.some((node) => isOf(node, name)))
      refuse(
        "service",
        name,
        known.filter((one) => one !== ""),
      );
  }
}

function print(graph: Graph, format: Format): string {
  return format === "json" ? `${JSON.stringify(graph, undefined, 2)}\n` : printMermaid(graph);
}

async function write(folder: string, out: string, printed: string, check: boolean): Promise<number> {
  const file = openOutput(folder, out, printed);
  if (file.isUpToDate) {
    console.log(`${out} is up to date`);
    return 0;
  }
  if (check) {
    console.error(`potter: ${out} has another diagram than the contract: potter graph --out ${out} writes it`);
    return 1;
  }
  const result = await file.write();
  if (result !== "written") throw new CliError(`cannot write ${out}: ${result.reason}`);
  console.log(`wrote ${out}`);
  return 0;
}
