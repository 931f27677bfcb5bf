import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { isRequired, maxItems } from "../../../json-schema/index.js";
import { firstList, type MethodModel, type Model, type ServiceModel } from "../../../model/index.js";
import type { LookupBinding } from "./bindings.js";

/** A message with keys, by which queries find it. */
export interface Entity {
  readonly desc: DescMessage;
  /** The fields of each key. */
  readonly keys: readonly (readonly DescField[])[];
  /** Whether an option declares the keys, so that other subgraphs may use them. */
  readonly federated: boolean;
  /** Whether the key was inferred only from the field name `id`. */
  readonly byName: boolean;
}

/** Finds the entities of a contract, and the queries that look them up. */
export class Entities {
  private readonly model: Model;
  private readonly ids: ReadonlyMap<DescMessage, DescField>;
  private readonly queries: readonly MethodModel[];

  /** `services`: the services whose queries are in the schema. */
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

  /**
   * The entity of a message. Its keys come from the option, or else from the key of its read model, the field marked
   * as id, or the field named `id`.
   */
  find(desc: DescMessage): Entity | undefined {
    const { key } = this.model.graphql.type(desc);
    if (key.length > 0) {
      const keys = key.map((one) => fieldsOf(desc, one));
      return { desc, keys: keys.filter((fields) => fields.length > 0), federated: true, byName: false };
    }
    const declared = this.ids.get(desc) ?? desc.fields.find((field) => this.model.fields.ids.has(field));
    const id = declared ?? desc.fields.find(({ name }) => name === "id");
    return id === undefined ? undefined : { desc, keys: [[id]], federated: false, byName: declared === undefined };
  }

  /** The lookups of an entity: for each key one query, preferably a batch query. */
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
      const fields = key.map((field) =>
        method.desc.input.fields.find((one) => one.name === field.name && isSameType(one, field)),
      );
      if (!fields.every((field) => field !== undefined) || !othersAreFree(method, fields, this.model)) continue;
      return { method, keys: Object.fromEntries(key.map(({ name }) => [name, name])) };
    }
    return undefined;
  }
}

/** The fields that a key names. Empty if a name is unknown, which is reported where the key is printed. */
export function fieldsOf(desc: DescMessage, key: string): readonly DescField[] {
  const names = key.split(/\s+/).filter((name) => name !== "");
  const fields = names.map((name) => desc.fields.find((field) => field.name === name));
  return fields.every((field) => field !== undefined) ? fields : [];
}

/** The response field that lists the entities. It must be the first list of messages. */
function itemsOf({ desc }: MethodModel, entity: DescMessage): DescField | undefined {
  const first = firstList(desc.output, (field) => field.message !== undefined);
  return first?.message === entity ? first : undefined;
}

/** The request field that takes the keys of several entities. */
function batchKeysOf({ desc }: MethodModel, key: DescField, { graphql }: Model): DescField | undefined {
  const { batchKeys } = graphql.method(desc);
  const first = firstList(
    desc.input,
    ({ message, name }) => message === undefined && (batchKeys === "" || name === batchKeys),
  );
  if (batchKeys !== "") return first;
  return first?.scalar === key.scalar && /^BatchGet(?![a-z])/.test(desc.name) ? first : undefined;
}

function othersAreFree({ desc }: MethodModel, fields: readonly DescField[], { openapi }: Model): boolean {
  return desc.input.fields.every((field) => fields.includes(field) || !isRequired(field, "input", openapi));
}

function isSameType(one: DescField, other: DescField): boolean {
  return one.fieldKind === other.fieldKind && one.scalar === other.scalar && one.enum === other.enum;
}
