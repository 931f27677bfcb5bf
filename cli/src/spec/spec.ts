import { defineHelp, jsonOption, parseArguments, templateOption } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { printErrors } from "../errors/index.js";
import { generateProject, printReport } from "../generation/index.js";
import { programOf } from "../plugins/index.js";
import type { PluginEntry } from "../project/index.js";

/** The help of `potter spec`. */
export const help = defineHelp({
  usage: "potter spec [options]",
  purpose:
    "Writes the documents that buf.gen.yaml names and nothing else: OpenAPI, AsyncAPI, GraphQL schemas, and the pages of sagas with " +
    "their diagrams. For jobs that publish documents and need no code.",
  options: {
    out: {
      kind: "text",
      value: "<folder>",
      summary: "write to this folder",
      otherwise: "the folders of buf.gen.yaml",
      completes: "folder",
    },
    template: templateOption,
    json: jsonOption,
  },
  examples: [{ name: "potter spec --out public", summary: "write all documents to the folder public" }],
});

/** Runs `potter spec`. Resolves to the exit code: 1, with nothing written, if the contract has errors. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values } = await parseArguments(argv, help);
  const { template, out, json } = values;
  try {
    printReport(await generateProject(folder, { template, out, selectPlugins, isWanted: isDocument }), json);
    return 0;
  } catch (error) {
    return printErrors(error, folder, json);
  }
}

/** The plugins that write documents; the first one may, by its option `targets`. */
const writers = ["potter", "potter-openapi", "potter-asyncapi", "potter-graphql", "potter-saga"].map(
  (name) => `protoc-gen-${name}`,
);

function selectPlugins(entries: readonly PluginEntry[], template: string): readonly PluginEntry[] {
  const selected = entries.filter(({ command, name }) => command !== undefined && writers.includes(programOf(name)));
  if (selected.length > 0) return selected;
  throw new CliError(`${template} names no plugin that writes documents: add one of ${writers.slice(1).join(", ")}`, 2);
}

function isDocument(name: string): boolean {
  return /\.(?:ya?ml|json|graphql|md)$/.test(name);
}
