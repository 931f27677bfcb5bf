import { statSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../cli-error.js";
import { readUserFiles } from "../files/index.js";
import { type Graph, type GraphEdge, type GraphNode, sortGraph } from "./graph.js";
import type { NameInModule } from "./reactions/index.js";
import type { ContractGraph } from "./read-graph.js";

/** Adds the reactions in the TypeScript files of some folders. Tests do not count. Throws a CliError for what cannot be read. */
export async function addReactions(
  contract: ContractGraph,
  folders: readonly string[],
  project: string,
): Promise<Graph> {
  if (folders.length === 0) return contract.graph;
  // ts-morph takes longer to load than all else.
  const { findReactions } = await import("./reactions/index.js");
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const folder of folders) {
    if (!statSync(resolve(project, folder), { throwIfNoEntry: false })?.isDirectory()) {
      throw new CliError(`--reactions ${folder}: there is no such folder`, 2);
    }
    const { texts, unreadable } = await readUserFiles(resolve(project, folder), []);
    const [problem] = unreadable;
    if (problem !== undefined) throw new CliError(`--reactions ${folder}: cannot read ${problem[0]}: ${problem[1]}`, 2);
    for (const [path, text] of texts) {
      if (/\.(?:test|spec)\.[cm]?tsx?$/.test(path)) continue;
      for (const { name, events, commands } of findReactions(path, text)) {
        const id = `reaction:${name}`;
        nodes.push({ id, kind: "reaction", fullName: name, name, package: "", service: undefined, stream: false });
        for (const event of idsOf(events, contract)) edges.push({ from: event, to: id, kind: "triggers" });
        for (const command of idsOf(commands, contract)) edges.push({ from: id, to: command, kind: "sends" });
      }
    }
  }
  return sortGraph([...contract.graph.nodes, ...nodes], [...contract.graph.edges, ...edges]);
}

/** What names stand for in the contract. Names of other contracts are left out. */
function idsOf(names: readonly NameInModule[], { definitions }: ContractGraph): readonly string[] {
  return names.flatMap(({ module, name }) => {
    const bare = `/${module.replace(/\.[cm]?[jt]s$/, "")}`;
    const same = [...definitions].filter(([key]) => key.endsWith(`#${name}`));
    // Code may import from a module of its own that exports generated names.
    const exact = same.find(([key]) => bare.endsWith(`/${key.slice(0, key.indexOf("#"))}`));
    const [, id] = exact ?? (same.length === 1 ? same[0] : undefined) ?? [];
    return id === undefined ? [] : [id];
  });
}
