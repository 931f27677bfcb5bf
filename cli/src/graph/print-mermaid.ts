import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "./graph.js";

/** The shapes of Mermaid: rectangles for rpcs, a double frame for aggregates, a flag for events, a barrel for read models. */
const shapes: Readonly<Record<NodeKind, readonly [string, string]>> = {
  command: ["[", "]"],
  query: ["(", ")"],
  aggregate: ["[[", "]]"],
  event: [">", "]"],
  readModel: ["[(", ")]"],
  saga: ["{{", "}}"],
  reaction: ["[/", "/]"],
};

/** What is drawn: that a command emits an event is seen at its aggregate, which records it. */
const arrows: Readonly<Record<Exclude<EdgeKind, "emits">, string>> = {
  addresses: "-->",
  records: "-->",
  projects: "-->",
  reads: "-->",
  starts: "-->",
  resumes: "-->",
  sends: "-->",
  compensates: "-. undo .->",
  runs: "-->",
  triggers: "-->",
};

/**
 * Prints a graph as a flowchart of Mermaid: from the commands of each service at the left to its queries at the right. The same
 * graph is the same text.
 */
export function printMermaid({ nodes, edges }: Graph): string {
  const label = labelsOf(nodes);
  const ids = idsOf(nodes, label);
  const print = (node: GraphNode): string => {
    const [open, close] = shapes[node.kind];
    return `${ids.get(node.id)}${open}"${escapeLabel(label(node))}${node.stream ? " (stream)" : ""}"${close}`;
  };
  const groups = (["command", "query"] as const).flatMap((kind) => {
    const methods = nodes.filter((node) => node.kind === kind);
    const services = [...new Set(methods.map(({ service = "" }) => service))];
    return services.map((service) => ({
      title: serviceTitle(service, services) + (kind === "query" ? ": queries" : ""),
      methods: methods.filter((node) => node.service === service),
    }));
  });
  const order: readonly NodeKind[] = ["aggregate", "event", "readModel", "saga", "reaction"];
  const lines = [
    ...groups.flatMap(({ title, methods }, at) => [
      `subgraph group${at}["${title}"]`,
      ...methods.map((node) => `  ${print(node)}`),
      "end",
    ]),
    ...order.flatMap((kind) => nodes.filter((node) => node.kind === kind).map(print)),
    ...edges.filter(isDrawn).map(({ from, to, kind }) => `${ids.get(from)} ${arrows[kind]} ${ids.get(to)}`),
  ];
  return `flowchart LR\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function isDrawn(edge: GraphEdge): edge is GraphEdge & { readonly kind: keyof typeof arrows } {
  return edge.kind !== "emits";
}

/** The name of a node; with its package if another one of its kind has the same. */
function labelsOf(nodes: readonly GraphNode[]): (node: GraphNode) => string {
  const key = ({ kind, service, name }: GraphNode): string => `${kind} ${service ?? ""} ${name}`;
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(key(node), (counts.get(key(node)) ?? 0) + 1);
  return (node) => (counts.get(key(node)) === 1 ? node.name : node.fullName);
}

function serviceTitle(service: string, all: readonly string[]): string {
  const nameOf = (one: string): string => one.slice(one.lastIndexOf(".") + 1);
  return all.filter((one) => nameOf(one) === nameOf(service)).length === 1 ? nameOf(service) : service;
}

/** Ids for Mermaid, made of names: when the contract gets another part, other lines of the text stay as they are. */
function idsOf(nodes: readonly GraphNode[], label: (node: GraphNode) => string): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const node of nodes) {
    const service = node.service === undefined ? "" : `${serviceTitle(node.service, servicesOf(nodes))}_`;
    const base = `${node.kind}_${service}${label(node)}`.replaceAll(/\W/g, "_");
    let id = base;
    for (let at = 2; taken.has(id); at++) id = `${base}_${at}`;
    taken.add(id);
    ids.set(node.id, id);
  }
  return ids;
}

function servicesOf(nodes: readonly GraphNode[]): readonly string[] {
  return [...new Set(nodes.flatMap(({ service }) => (service === undefined ? [] : [service])))];
}

/** The name of a reaction is any text. Others are identifiers, which stay as they are. */
function escapeLabel(text: string): string {
  return text.replaceAll(/[^\w .-]/gu, (character) => `#${character.codePointAt(0)};`);
}
