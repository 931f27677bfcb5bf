/** What a node of the graph is. */
export type NodeKind = "command" | "query" | "aggregate" | "event" | "readModel" | "saga" | "reaction";

/** A part of the contract. */
export interface GraphNode {
  /** Its kind and its full name: `event:shop.orders.v1.OrderPlaced`. */
  readonly id: string;
  readonly kind: NodeKind;
  /** In proto: `shop.orders.v1.OrderService.PlaceOrder`. Of a reaction, its name. */
  readonly fullName: string;
  /** Its name, without the package. */
  readonly name: string;
  readonly package: string;
  /** The full name of the service of a command or a query. */
  readonly service: string | undefined;
  /** Whether its response is a stream. */
  readonly stream: boolean;
}

/**
 * What an edge says. A command `addresses` an aggregate and `emits` events that the aggregate `records`; a read model `projects` an
 * event, a query `reads` a read model; an event `starts` or `resumes` a saga, which `sends` commands, also those that `compensate`,
 * and `runs` other sagas; it `triggers` a reaction, which `sends` commands too.
 */
export type EdgeKind =
  | "addresses"
  | "emits"
  | "records"
  | "projects"
  | "reads"
  | "starts"
  | "resumes"
  | "sends"
  | "compensates"
  | "runs"
  | "triggers";

/** Something flows from a node to another: a call, an event, rows. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
}

/** The parts of a contract and what flows between them, in the order of their names. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Which part of a graph is wanted. Both empty: all. */
export interface GraphFilter {
  /** Packages with those below them. */
  readonly packages: readonly string[];
  /** Services, by their full name or without the package. */
  readonly services: readonly string[];
}

/** Puts nodes and edges into the order of their texts, each once. */
export function sortGraph(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Graph {
  const sorted = <T>(entries: readonly (readonly [string, T])[]): readonly T[] =>
    [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  return {
    nodes: sorted(nodes.map((node) => [node.id, node])),
    edges: sorted(edges.map((edge) => [`${edge.from} ${edge.kind} ${edge.to}`, edge])),
  };
}

/** What of a graph the filter names, with the neighbours of it and nothing beyond them. */
export function filterGraph({ nodes, edges }: Graph, { packages, services }: GraphFilter): Graph {
  if (packages.length === 0 && services.length === 0) return { nodes, edges };
  const methods = nodes.filter((node) => services.some((name) => isOf(node, name))).map(({ id }) => id);
  // A service has what its rpcs address and read, and the events that are recorded there.
  const addressed = follow(edges, methods, "addresses");
  const chosen = new Set([
    ...nodes.filter((node) => packages.some((name) => isBelow(node.package, name))).map(({ id }) => id),
    ...methods,
    ...addressed,
    ...follow(edges, addressed, "records"),
    ...edges.filter(({ kind, to }) => kind === "reads" && methods.includes(to)).map(({ from }) => from),
  ]);
  const kept = edges.filter(({ from, to }) => chosen.has(from) || chosen.has(to));
  const shown = new Set([...chosen, ...kept.flatMap(({ from, to }) => [from, to])]);
  return { nodes: nodes.filter(({ id }) => shown.has(id)), edges: kept };
}

/** Where edges of a kind lead. */
function follow(edges: readonly GraphEdge[], starts: readonly string[], kind: EdgeKind): readonly string[] {
  return edges.filter((edge) => edge.kind === kind && starts.includes(edge.from)).map(({ to }) => to);
}

/** Whether a package is another one or below it. */
export function isBelow(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`);
}

/** Whether a node is an rpc of a service. */
export function isOf({ service }: GraphNode, name: string): boolean {
  return service !== undefined && (service === name || service.endsWith(`.${name}`));
}
