import type { JsonValue } from "@bufbuild/protobuf";
import { isPotterError } from "../../../errors/index.js";
import type { GraphQLEntity, GraphQLLookup } from "../../../graphql-bindings/index.js";
import { toClientError } from "../context/index.js";
import { type MessageTypes, propertyOf } from "../values/index.js";
import { BatchLoader, type LoadBatch } from "./batch-loader.js";
import type { GraphQLDispatcher } from "./dispatcher.js";
import { FieldCall } from "./field-call.js";

type Loaders = Map<GraphQLLookup, BatchLoader<unknown>>;

type Keys = Readonly<Record<string, unknown>>;

/** Finds entities by key. Keys that are requested at the same time are batched; the results of an rpc are matched by key. */
export class EntityFinder {
  private readonly dispatcher: GraphQLDispatcher;
  private readonly messages: MessageTypes;
  private readonly entities: { readonly [type: string]: GraphQLEntity };
  private readonly singleKeyLookups = new Map<string, GraphQLLookup | undefined>();
  /** Loaders by the context of an operation, if it does not keep them itself. */
  private readonly loaders = new WeakMap<object, Loaders>();

  constructor(
    dispatcher: GraphQLDispatcher,
    messages: MessageTypes,
    entities: { readonly [type: string]: GraphQLEntity },
  ) {
    this.dispatcher = dispatcher;
    this.messages = messages;
    this.entities = entities;
  }

  /** The loader of entities by a key of one field, whose errors are for clients; undefined if no rpc finds them. */
  loaderOf(type: string, context: unknown): BatchLoader<unknown> | undefined {
    const lookup = this.singleKeyLookup(type);
    return lookup && this.loader(lookup, context);
  }

  /** Finds an entity by the fields that another subgraph knows, in proto names; undefined if they contain no key. */
  byRepresentation(type: string, given: Keys, context: unknown): Promise<unknown> | undefined {
    const lookup = this.entities[type]?.lookups.find(({ keys }) =>
      Object.values(keys).every((name) => given[name] !== undefined && given[name] !== null),
    );
    return lookup && this.loader(lookup, context).get(toKey(Object.values(lookup.keys).map((name) => given[name])));
  }

  private singleKeyLookup(type: string): GraphQLLookup | undefined {
    if (!this.singleKeyLookups.has(type)) {
      const found = this.entities[type]?.lookups.find(({ keys }) => Object.keys(keys).length === 1);
      this.singleKeyLookups.set(type, found);
    }
    return this.singleKeyLookups.get(type);
  }

  private loadersOf(context: unknown, lookup: GraphQLLookup): Loaders {
    const owner = typeof context === "object" && context !== null ? context : lookup;
    if ("$loaders" in owner) {
      const own = owner as { $loaders: Loaders | undefined };
      own.$loaders ??= new Map();
      return own.$loaders;
    }
    let loaders = this.loaders.get(owner);
    if (loaders === undefined) {
      loaders = new Map();
      this.loaders.set(owner, loaders);
    }
    return loaders;
  }

  private loader(lookup: GraphQLLookup, context: unknown): BatchLoader<unknown> {
    const loaders = this.loadersOf(context, lookup);
    let loader = loaders.get(lookup);
    if (loader === undefined) {
      const call = new FieldCall(context, lookup.method);
      const load =
        lookup.items === undefined ? this.loadOneByOne(lookup, call) : this.loadTogether(lookup, lookup.items, call);
      loader = new BatchLoader(toClientErrors(load, context), lookup.most ?? 1000);
      loaders.set(lookup, loader);
    }
    return loader;
  }

  /** One call for all keys. Matches the results by key, in any order. */
  private loadTogether({ method, keys }: GraphQLLookup, items: string, call: FieldCall): LoadBatch<unknown> {
    const { schema } = method.request;
    const [[requestField, key]] = Object.entries(keys) as [[string, string]];
    const input = this.messages.field(schema, requestField);
    const list = this.messages.field(method.response.schema, items);
    const entity = this.messages.message(list.message?.typeName ?? "");
    const keyProperty = propertyOf(this.messages.field(entity, key), this.messages.library);
    const itemsProperty = propertyOf(list, this.messages.library);
    return async (requested) => {
      const request = method.request.fromJson({ [input.jsonName]: [...requested] });
      const { response } = await this.dispatcher.dispatch(method, request, call);
      const found = (response as Record<string, readonly Record<string, unknown>[]>)[itemsProperty] ?? [];
      const byKey = new Map<string, unknown>();
      for (const one of found) byKey.set(String(one[keyProperty]), one);
      return requested.map((one) => byKey.get(one));
    };
  }

  /** A concurrent call for each key. `not_found` is a missing value. */
  private loadOneByOne({ method, keys }: GraphQLLookup, call: FieldCall): LoadBatch<unknown> {
    const fields = Object.keys(keys).map((name) => this.messages.field(method.request.schema, name));
    const find = async (key: string): Promise<unknown> => {
      const values = fromKey(key, fields.length);
      const json = Object.fromEntries(
        fields.map(({ jsonName }, at): [string, JsonValue] => [jsonName, values[at] ?? ""]),
      );
      try {
        const { response } = await this.dispatcher.dispatch(method, method.request.fromJson(json), call);
        return response;
      } catch (error) {
        if (isPotterError(error) && error.code === "not_found") return undefined;
        return error instanceof Error ? error : new Error(String(error));
      }
    };
    return (requested) => Promise.all(requested.map(find));
  }
}

/** Joins the values of a key to one string; a single value is the key itself. */
function toKey(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));
}

function fromKey(key: string, count: number): readonly string[] {
  return count === 1 ? [key] : (JSON.parse(key) as string[]);
}

/** Converts errors to errors for clients, once for each key. */
function toClientErrors(load: LoadBatch<unknown>, context: unknown): LoadBatch<unknown> {
  return async (keys) => {
    try {
      const found = await load(keys);
      return found.map((one) => (one instanceof Error ? toClientError(one, context) : one));
    } catch (error) {
      throw toClientError(error, context);
    }
  };
}
