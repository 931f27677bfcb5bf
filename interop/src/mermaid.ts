import DOMPurify from "dompurify";

/** What Mermaid reads from a state diagram. */
export interface ReadDiagram {
  readonly states: readonly { readonly id: string; readonly label: string; readonly classes: readonly string[] }[];
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

/** How Mermaid holds a numeric entity until it draws: `#34;`. */
const entity = /ﬂ°°(\d+)¶ß/g;

/** What Mermaid reads from a flowchart. */
export interface ReadFlowchart {
  readonly nodes: readonly { readonly id: string; readonly label: string; readonly shape: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
  readonly groups: readonly { readonly label: string; readonly nodes: readonly string[] }[];
}

/** Reads a state diagram by Mermaid itself. Rejects for what it does not accept. */
export async function readStateDiagram(text: string): Promise<ReadDiagram> {
  const db = await readByMermaid(text);
  const { getStates, getRelations } = db as unknown as StateDb;
  const toText = (label: string): string => label.replaceAll(entity, (_, code) => String.fromCodePoint(Number(code)));
  return {
    states: [...getStates.call(db)]
      .filter(([id]) => !id.startsWith("root_"))
      .map(([id, { descriptions, classes }]) => ({ id, label: toText(descriptions.join("\n")), classes })),
    transitions: getRelations
      .call(db)
      .map(({ id1, id2, relationTitle }) => ({ from: id1, to: id2, label: toText(relationTitle ?? "") })),
  };
}

/** Reads a flowchart by Mermaid itself. Rejects for what it does not accept. */
export async function readFlowchart(text: string): Promise<ReadFlowchart> {
  const db = (await readByMermaid(text)) as unknown as FlowDb;
  return {
    nodes: [...db.getVertices().values()].map(({ id, text: label, type: shape }) => ({ id, label, shape })),
    edges: db.getEdges().map(({ start: from, end: to, text: label }) => ({ from, to, label })),
    groups: db.getSubGraphs().map(({ title: label, nodes }) => ({ label, nodes })),
  };
}

async function readByMermaid(text: string) {
  // Without a document there is nothing to sanitize; Mermaid calls it nevertheless.
  Object.assign(DOMPurify, { addHook() {}, sanitize: (html: string) => html });
  const { default: mermaid } = await import("mermaid");
  // `parse` also registers the kinds of diagrams.
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  return db;
}

/** What Mermaid's database of a flowchart has; its types are not exported. */
interface FlowDb {
  getVertices(): Map<string, { readonly id: string; readonly text: string; readonly type: string }>;
  getEdges(): readonly { readonly start: string; readonly end: string; readonly text: string }[];
  getSubGraphs(): readonly { readonly title: string; readonly nodes: readonly string[] }[];
}

/** What Mermaid's database of a state diagram has; its types are not exported. */
interface StateDb {
  getStates(): Map<string, { readonly descriptions: readonly string[]; readonly classes: readonly string[] }>;
  getRelations(): readonly { readonly id1: string; readonly id2: string; readonly relationTitle?: string }[];
}
