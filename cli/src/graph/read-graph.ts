import type { DescMessage } from "@bufbuild/protobuf";
import type { FileModel, MethodModel, Model, SagaModel } from "@potter/generator";
import { type EdgeKind, type Graph, type GraphEdge, type GraphNode, type NodeKind, sortGraph } from "./graph.js";

/** A graph, and where the parts of it are in generated code: `shop/orders/v1/orders_cqrs#OrderPlaced`. */
export interface ContractGraph {
  readonly graph: Graph;
  /** The ids of events and commands. A command is `shop/orders/v1/orders_cqrs#OrderService.placeOrder`. */
  readonly definitions: ReadonlyMap<string, string>;
}

/** Reads from the models of a contract who emits and who consumes. The order of files and declarations does not count. */
export function readGraph(models: readonly Model[]): ContractGraph {
  const reader = new Reader();
  for (const file of models.flatMap(({ files }) => files)) reader.read(file);
  return { graph: sortGraph([...reader.nodes.values()], reader.edges), definitions: reader.definitions };
}

class Reader {
  readonly nodes = new Map<string, GraphNode>();
  readonly edges: GraphEdge[] = [];
  readonly definitions = new Map<string, string>();

  read({ aggregates, events, readModels, sagas, services }: FileModel): void {
    for (const { desc, events: recorded } of aggregates) {
      const id = this.#message("aggregate", desc);
      for (const event of recorded) this.#edge("records", id, this.#message("event", event.desc));
    }
    // Superseded versions are read as the newest one.
    for (const { desc, name, supersededBy } of events) {
      if (supersededBy === undefined)
        this.definitions.set(`${desc.file.name}_cqrs#${name}`, this.#message("event", desc));
    }
    for (const { desc, from } of readModels) {
      const id = this.#message("readModel", desc);
      for (const event of from) this.#edge("projects", this.#message("event", event.desc), id);
    }
    for (const saga of sagas) this.#readSaga(saga);
    for (const method of services.flatMap(({ methods }) => methods)) this.#readMethod(method);
  }

  #readMethod(method: MethodModel): void {
    const id = this.#method(method);
    const { role, service } = method;
    this.definitions.set(`${service.desc.file.name}_cqrs#${service.name}.${method.localName}`, id);
    if (role.kind === "query") {
      if (role.readModel !== undefined) this.#edge("reads", this.#message("readModel", role.readModel.desc), id);
      return;
    }
    if (role.target === undefined) return;
    this.#edge("addresses", id, this.#message("aggregate", role.target.aggregate.desc));
    for (const event of role.target.emits) this.#edge("emits", id, this.#message("event", event.desc));
  }

  /** Steps of the newest version: older ones only end. */
  #readSaga({ desc, startsOn, steps, version }: SagaModel): void {
    const id = this.#message("saga", desc);
    if (startsOn !== undefined) this.#edge("starts", this.#message("event", startsOn.desc), id);
    for (const step of steps) {
      if ((step.untilVersion ?? version) < version) continue;
      if (step.kind === "event") this.#edge("resumes", this.#message("event", step.event.desc), id);
      if (step.kind === "saga") this.#edge("runs", id, this.#message("saga", step.saga.desc));
      if (step.kind !== "command") continue;
      this.#edge("sends", id, this.#method(step.command));
      if (step.compensation !== undefined) this.#edge("compensates", id, this.#method(step.compensation));
    }
  }

  #message(kind: NodeKind, { typeName, file }: DescMessage): string {
    const name = file.proto.package === "" ? typeName : typeName.slice(file.proto.package.length + 1);
    return this.#node({
      fullName: typeName,
      kind,
      name,
      package: file.proto.package,
      service: undefined,
      stream: false,
    });
  }

  #method({ desc, service, role, stream }: MethodModel): string {
    return this.#node({
      fullName: `${service.desc.typeName}.${desc.name}`,
      kind: role.kind,
      name: desc.name,
      package: service.desc.file.proto.package,
      service: service.desc.typeName,
      stream: stream === "server" || stream === "bidi",
    });
  }

  #node(node: Omit<GraphNode, "id">): string {
    // A message can be several things, such as an aggregate and a read model.
    const id = `${node.kind}:${node.fullName}`;
    this.nodes.set(id, { id, ...node });
    return id;
  }

  #edge(kind: EdgeKind, from: string, to: string): void {
    this.edges.push({ from, to, kind });
  }
}
