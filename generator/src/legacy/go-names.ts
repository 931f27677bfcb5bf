import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { fileOf, readOption, resolveName, type Source } from "../descriptors/index.js";
import { Diagnostics } from "../diagnostics/index.js";
import { http } from "../gen/google/api/annotations_pb.js";
import * as potter from "../gen/potter/v1/options_pb.js";
import { findIdField, findIdPath, toSnakeCase } from "../model/index.js";
import type { LegacyDesc, LegacyUse } from "./uses.js";

/** What the names in options of Go Potter refer to. Go compares texts; here a name is resolved as proto resolves type names. */
export class GoNames {
  private readonly registry: Source["registry"];
  private readonly aggregates: ReadonlyMap<DescMessage, string>;

  constructor({ registry }: Source, uses: readonly LegacyUse[]) {
    this.registry = registry;
    this.aggregates = new Map(
      uses.flatMap(({ desc, option, value }) =>
        option === "aggregate" && desc.kind === "message" ? [[desc, value.name ?? desc.name] as const] : [],
      ),
    );
  }

  /** Returns the name by which an option of potter.v1 refers to the aggregate with a name in Go; the same name if there is none. */
  aggregate(name: string, desc: LegacyDesc): string {
    if (this.findAggregate(name, desc) !== undefined) return name;
    const named = [...this.aggregates].flatMap(([message, goName]) => (goName === name ? [message] : []));
    const file = fileOf(desc);
    const found =
      named.find((message) => message.file === file) ??
      named.find((message) => message.file.proto.package === file.proto.package);
    if (found === undefined) return name;
    const short = found.typeName.slice(file.proto.package === "" ? 0 : file.proto.package.length + 1);
    return this.find(short, desc) === found ? short : `.${found.typeName}`;
  }

  /** Whether a name refers to a read model. Go does not resolve it, so it often refers to no message at all. */
  isReadModel(name: string, desc: LegacyDesc): boolean {
    const message = this.find(name, desc);
    return message !== undefined && readOption(message, potter.read_model) !== undefined;
  }

  /** Whether a command can only create its aggregate, because its request contains no id of it. */
  createsAggregate(name: string, desc: DescMethod): boolean {
    const aggregate = this.findAggregate(name, desc);
    const rule = readOption(desc, http);
    // A path or a body may refer to a message that contains the id.
    const mayNest = rule !== undefined && (/\{[^}=]*\./.test(String(rule.pattern.value)) || !/^\*?$/.test(rule.body));
    if (aggregate === undefined || mayNest) return false;
    const ignored = new Diagnostics();
    const id = findIdField(aggregate, [`${toSnakeCase(aggregate.name)}_id`, "id"], ignored);
    return id !== undefined && findIdPath(desc.input, id.name, [], ignored).length === 0;
  }

  private findAggregate(name: string, desc: LegacyDesc): DescMessage | undefined {
    const message = this.find(name, desc);
    const is = message && (this.aggregates.has(message) || readOption(message, potter.aggregate) !== undefined);
    return is ? message : undefined;
  }

  private find(name: string, desc: LegacyDesc): DescMessage | undefined {
    const scope = desc.kind === "rpc" ? desc.parent.typeName : desc.typeName;
    return resolveName(name, scope, (full) => this.registry.getMessage(full));
  }
}
