import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { isRequired, maxItems } from "../../../json-schema/index.js";
import type { MethodModel, Model, ServiceModel } from "../../../model/index.js";
import type { LookupBinding } from "./bindings.js";
import { firstList } from "./paging.js";

/** A message that has a key, and the queries that find it by that. */
export interface Entity {
  readonly desc: DescMessage;
  /** The fields of each key. */
  readonly keys: readonly (readonly DescField[])[];
  /** Whether an option says the keys, so that other subgraphs may use them. */
  readonly federated: boolean;
  /** Whether its key is one for no other reason than that it is called `id`. */
  readonly byName: boolean;
}

/** What of a contract can be found by a key. */
export class Entities {
  private readonly model: Model;
  private readonly ids: ReadonlyMap<DescMessage, DescField>;
  private readonly queries: readonly MethodModel[];

  /** `services`: those whose queries are in the schema. */
  constructor(model: Model, services: readonly ServiceModel[]) {
    this.model = model;
    this.ids = new Map(model.all.flatMap(({ readModels }) => readModels.map(({ desc, key }) => [desc, key] as const)));
    this.queries = services
      .flatMap(({ methods }) => methods)
      .filter(({ role, stream, desc }) => {
        const { operation = role.kind === "query" ? "query" : "mutation", ignore } = model.graphql.method(desc);
        return stream === "unary" && operation === "query" && !ignore;
      });
  }

  /** A message as an entity: by the keys that its option says, or else by the key of its read model, the field marked as id or called so. */
  find(desc: DescMessage): Entity | undefined {
    const { key } = this.model.graphql.type(desc);
    if (key.length > 0) {
      const keys = key.map((one) => fieldsOf(desc, one));
      return { desc, keys: keys.filter((fields) => fields.length > 0), federated: true, byName: false };
    }
    const said = this.ids.get(desc) ?? desc.fields.find((field) => this.model.fields.ids.has(field));
    const id = said ?? desc.fields.find(({ name }) => name === "id");
    return id === undefined ? undefined : { desc, keys: [[id]], federated: false, byName: said === undefined };
  }

  /** The queries that find an entity by its keys; for each key one, that which finds several at once if there is one. */
  lookups({ desc, keys }: Entity): readonly LookupBinding[] {
    return keys.flatMap((key) => {
      const [only, ...more] = key;
      const found =
        (only !== undefined && more.length === 0 ? this.findBatch(desc, only) : undefined) ?? this.findGet(desc, key);
      return found ?? [];
    });
  }

  private findBatch(desc: DescMessage, key: DescField): LookupBinding | undefined {
    for (const method of this.queries) {
      const items = itemsOf(method, desc);
      const keys = batchKeysOf(method, key, this.model);
      if (items !== undefined && keys !== undefined && othersAreFree(method, [keys], this.model)) {
        const most = maxItems(keys);
        return { method, keys: { [keys.name]: key.name }, items: items.name, ...(most !== undefined && { most }) };
      }
    }
    return undefined;
  }

  private findGet(desc: DescMessage, key: readonly DescField[]): LookupBinding | undefined {
    for (const method of this.queries) {
      if (method.desc.output !== desc) continue;
      const asked = key.map((field) =>
        method.desc.input.fields.find((one) => one.name === field.name && isSameType(one, field)),
      );
      if (!asked.every((field) => field !== undefined) || !othersAreFree(method, asked, this.model)) continue;
      return { method, keys: Object.fromEntries(key.map(({ name }) => [name, name])) };
    }
    return undefined;
  }
}

/** The names in a key that are fields of the message; what is wrong with the others is told where the key is shown. */
export function fieldsOf(desc: DescMessage, key: string): readonly DescField[] {
  const names = key.split(/\s+/).filter((name) => name !== "");
  const fields = names.map((name) => desc.fields.find((field) => field.name === name));
  return fields.every((field) => field !== undefined) ? fields : [];
}

/** The field of an answer that holds a list of entities, if it is the first list of messages. */
function itemsOf({ desc }: MethodModel, entity: DescMessage): DescField | undefined {
  const first = firstList(desc.output, (field) => field.message !== undefined);
  return first?.message === entity ? first : undefined;
}

/** The field of a request that holds the keys of several entities. */
function batchKeysOf({ desc }: MethodModel, key: DescField, { graphql }: Model): DescField | undefined {
  const { batchKeys } = graphql.method(desc);
  const first = firstList(
    desc.input,
    ({ message, name }) => message === undefined && (batchKeys === "" || name === batchKeys),
  );
  if (batchKeys !== "") return first;
  return first?.scalar === key.scalar && /^BatchGet(?![a-z])/.test(desc.name) ? first : undefined;
}

function othersAreFree({ desc }: MethodModel, asked: readonly DescField[], { openapi }: Model): boolean {
  return desc.input.fields.every((field) => asked.includes(field) || !isRequired(field, "input", openapi));
}

function isSameType(one: DescField, other: DescField): boolean {
  return one.fieldKind === other.fieldKind && one.scalar === other.scalar && one.enum === other.enum;
}
