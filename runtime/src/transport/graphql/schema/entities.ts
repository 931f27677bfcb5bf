import type { JsonValue } from "@bufbuild/protobuf";
import { isPotterError } from "../../../errors/index.js";
import type { GraphQLEntity, GraphQLLookup } from "../../../graphql/index.js";
import { toClient } from "../context/index.js";
import { type Messages, propertyOf } from "../values/index.js";
import { type Load, Loader } from "./batch-loader.js";
import type { GraphQLHost } from "./dispatcher.js";
import { CallOfField } from "./field-call.js";

type Keys = Readonly<Record<string, unknown>>;

/** Finds entities by their keys, those that are asked for at the same time in one go: by what an rpc finds, matched by key. */
export class Entities {
  private readonly host: GraphQLHost;
  private readonly messages: Messages;
  private readonly entities: { readonly [type: string]: GraphQLEntity };
  private readonly singles = new Map<string, GraphQLLookup | undefined>();
  /** Those of one operation. */
  private readonly loaders = new WeakMap<object, Map<GraphQLLookup, Loader<unknown>>>();

  constructor(host: GraphQLHost, messages: Messages, entities: { readonly [type: string]: GraphQLEntity }) {
    this.host = host;
    this.messages = messages;
    this.entities = entities;
  }

  /** By one key of one field; null: there is none. Fails with what a client is told. */
  byKey(type: string, key: unknown, context: unknown): Promise<unknown> | null {
    const lookup = this.single(type);
    if (lookup === undefined || key === undefined || key === null || key === "") return null;
    return this.loader(lookup, context).get(String(key));
  }

  /** By what another subgraph knows of it, by names of the proto; undefined: by none of the keys. */
  byRepresentation(type: string, given: Keys, context: unknown): Promise<unknown> | undefined {
    const lookup = this.entities[type]?.lookups.find(({ keys }) =>
      Object.values(keys).every((name) => given[name] !== undefined && given[name] !== null),
    );
    return lookup && this.loader(lookup, context).get(toKey(Object.values(lookup.keys).map((name) => given[name])));
  }

  private single(type: string): GraphQLLookup | undefined {
    if (!this.singles.has(type)) {
      const found = this.entities[type]?.lookups.find(({ keys }) => Object.keys(keys).length === 1);
      this.singles.set(type, found);
    }
    return this.singles.get(type);
  }

  private loader(lookup: GraphQLLookup, context: unknown): Loader<unknown> {
    const owner = typeof context === "object" && context !== null ? context : lookup;
    let loaders = this.loaders.get(owner);
    if (loaders === undefined) {
      loaders = new Map();
      this.loaders.set(owner, loaders);
    }
    let loader = loaders.get(lookup);
    if (loader === undefined) {
      const call = new CallOfField(context, lookup.method);
      const load = lookup.items === undefined ? this.eachOf(lookup, call) : this.allOf(lookup, lookup.items, call);
      loader = new Loader(tellClients(load, context), lookup.most ?? 1000);
      loaders.set(lookup, loader);
    }
    return loader;
  }

  /** One call for all keys. What comes back is matched by its key, whatever the order; a key without a match has none. */
  private allOf({ method, keys }: GraphQLLookup, items: string, call: CallOfField): Load<unknown> {
    const { schema } = method.request;
    const [[asked, key]] = Object.entries(keys) as [[string, string]];
    const input = this.messages.field(schema, asked);
    const list = this.messages.field(method.response.schema, items);
    const entity = this.messages.message(list.message?.typeName ?? "");
    const keyProperty = propertyOf(this.messages.field(entity, key), this.messages.library);
    const itemsProperty = propertyOf(list, this.messages.library);
    return async (wanted) => {
      const request = method.request.fromJson({ [input.jsonName]: [...wanted] });
      const { response } = await this.host.dispatch(method, request, call);
      const found = (response as Record<string, readonly Record<string, unknown>[]>)[itemsProperty] ?? [];
      const byKey = new Map(found.map((one) => [String(one[keyProperty]), one]));
      return wanted.map((one) => byKey.get(one));
    };
  }

  /** A call for each key, at the same time. What is not found is none. */
  private eachOf({ method, keys }: GraphQLLookup, call: CallOfField): Load<unknown> {
    const fields = Object.keys(keys).map((name) => this.messages.field(method.request.schema, name));
    const find = async (key: string): Promise<unknown> => {
      const values = fromKey(key, fields.length);
      const json = Object.fromEntries(
        fields.map(({ jsonName }, at): [string, JsonValue] => [jsonName, values[at] ?? ""]),
      );
      try {
        const { response } = await this.host.dispatch(method, method.request.fromJson(json), call);
        return response;
      } catch (error) {
        if (isPotterError(error) && error.code === "not_found") return undefined;
        return error instanceof Error ? error : new Error(String(error));
      }
    };
    return (wanted) => Promise.all(wanted.map(find));
  }
}

/** The values of a key as one text: a single one as it is. */
function toKey(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));
}

function fromKey(key: string, count: number): readonly string[] {
  return count === 1 ? [key] : (JSON.parse(key) as string[]);
}

/** Once for each key that is not had, however often it is asked for. */
function tellClients(load: Load<unknown>, context: unknown): Load<unknown> {
  return async (keys) => {
    try {
      const found = await load(keys);
      return found.map((one) => (one instanceof Error ? toClient(one, context) : one));
    } catch (error) {
      throw toClient(error, context);
    }
  };
}
