import type { JsonValue } from "@bufbuild/protobuf";
import { isPotterError } from "../../../errors/index.js";
import type { GraphQLEntity, GraphQLLookup } from "../../../graphql/index.js";
import { CallOfField } from "./context.js";
import type { GraphQLHost } from "./host.js";
import { Loader } from "./loader.js";
import { type Messages, propertyOf } from "./messages.js";

type Keys = Readonly<Record<string, unknown>>;

/** Finds entities by their keys, those that are asked for at the same time in one go: by what an rpc finds, matched by key. */
export class Entities {
  private readonly host: GraphQLHost;
  private readonly messages: Messages;
  private readonly entities: { readonly [type: string]: GraphQLEntity };
  /** Those of one operation. */
  private readonly loaders = new WeakMap<object, Map<GraphQLLookup, Loader<unknown>>>();

  constructor(host: GraphQLHost, messages: Messages, entities: { readonly [type: string]: GraphQLEntity }) {
    this.host = host;
    this.messages = messages;
    this.entities = entities;
  }

  /** By one key of one field; null: there is none. */
  byKey(type: string, key: unknown, context: unknown): Promise<unknown> | null {
    const lookup = this.entities[type]?.lookups.find(({ keys }) => Object.keys(keys).length === 1);
    if (lookup === undefined || key === undefined || key === null || key === "") return null;
    const [name = ""] = Object.values(lookup.keys);
    return this.load(lookup, { [name]: key }, context);
  }

  /** By what another subgraph knows of it, by names of the proto; undefined: by none of the keys. */
  byRepresentation(type: string, given: Keys, context: unknown): Promise<unknown> | undefined {
    const lookup = this.entities[type]?.lookups.find(({ keys }) =>
      Object.values(keys).every((name) => given[name] !== undefined && given[name] !== null),
    );
    return lookup && this.load(lookup, given, context);
  }

  private async load(lookup: GraphQLLookup, given: Keys, context: unknown): Promise<unknown> {
    const names = Object.values(lookup.keys);
    const key = JSON.stringify(names.map((name) => String(given[name])));
    return (await this.loader(lookup, context).get(key)) ?? null;
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
      loader = new Loader(load, lookup.most ?? 1000);
      loaders.set(lookup, loader);
    }
    return loader;
  }

  /** One call for all keys. What comes back is matched by its key, whatever the order; a key without a match has none. */
  private allOf({ method, keys }: GraphQLLookup, items: string, call: CallOfField) {
    const { schema } = method.request;
    const [[asked, key]] = Object.entries(keys) as [[string, string]];
    const input = this.messages.field(schema, asked);
    const list = this.messages.field(method.response.schema, items);
    const entity = this.messages.message(list.message?.typeName ?? "");
    const keyProperty = propertyOf(this.messages.field(entity, key), this.messages.library);
    const itemsProperty = propertyOf(list, this.messages.library);
    return async (wanted: readonly string[]): Promise<ReadonlyMap<string, unknown>> => {
      const values = wanted.map((one) => (JSON.parse(one) as [string])[0]);
      const request = method.request.fromJson({ [input.jsonName]: values });
      const { response } = await this.host.dispatch(method, request, call);
      const found = (response as Record<string, readonly Record<string, unknown>[]>)[itemsProperty] ?? [];
      return new Map(found.map((one) => [JSON.stringify([String(one[keyProperty])]), one]));
    };
  }

  /** A call for each key, at the same time. What is not found is none. */
  private eachOf({ method, keys }: GraphQLLookup, call: CallOfField) {
    const fields = Object.keys(keys).map((name) => this.messages.field(method.request.schema, name));
    return async (wanted: readonly string[]): Promise<ReadonlyMap<string, unknown>> => {
      const find = async (one: string): Promise<readonly [string, unknown]> => {
        const values = JSON.parse(one) as string[];
        const json = Object.fromEntries(
          fields.map(({ jsonName }, at): [string, JsonValue] => [jsonName, values[at] ?? ""]),
        );
        try {
          const { response } = await this.host.dispatch(method, method.request.fromJson(json), call);
          return [one, response];
        } catch (error) {
          if (isPotterError(error) && error.code === "not_found") return [one, undefined];
          return [one, error instanceof Error ? error : new Error(String(error))];
        }
      };
      return new Map(await Promise.all(wanted.map(find)));
    };
  }
}
