import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { PotterError } from "../../../errors/index.js";
import type { GraphQLEnumBinding, GraphQLInputBinding, GraphQLInputField } from "../../../graphql-bindings/index.js";
import type { MessageTypes } from "./message-types.js";

type Given = Readonly<Record<string, unknown>>;
type Json = { [name: string]: JsonValue };

/** Converts arguments or an input object to the ProtoJSON of a message. */
export type ReadInput = (given: Given) => JsonValue;

type Convert = (value: unknown) => JsonValue;

interface Target {
  readonly jsonName: string;
  readonly convert: Convert | undefined;
}

/** Messages with a special form in ProtoJSON, which their scalars have parsed already. */
const scalarMessages = new Set(
  ["Any", "Duration", "FieldMask", "ListValue", "Struct", "Timestamp", "Value"].map(
    (name) => `google.protobuf.${name}`,
  ),
);

/** Compiles the conversion of inputs to ProtoJSON, which the codec of the request parses, as it does for every transport. */
export class InputReaders {
  private readonly messages: MessageTypes;
  private readonly bindings: ReadonlyMap<string, GraphQLInputBinding>;
  private readonly enums: ReadonlyMap<string, GraphQLEnumBinding>;
  private readonly readers = new Map<string, ReadInput>();

  constructor(
    messages: MessageTypes,
    inputs: { readonly [name: string]: GraphQLInputBinding },
    enums: { readonly [name: string]: GraphQLEnumBinding },
  ) {
    this.messages = messages;
    this.bindings = new Map(Object.values(inputs).map((one) => [one.message, one]));
    this.enums = new Map(Object.values(enums).map((one) => [one.enum, one]));
  }

  /** Compiles the conversion to a message whose JSON is an object. */
  reader(desc: DescMessage, fields?: GraphQLInputBinding["fields"]): ReadInput {
    const bound = fields ?? this.bindings.get(desc.typeName)?.fields ?? {};
    const targets = new Map<string, Target>();
    const choices = new Map<string, ReadInput>();
    const find = (name: string): Target | ReadInput | undefined => {
      const known = targets.get(name) ?? choices.get(name);
      if (known !== undefined) return known;
      const binding = Object.hasOwn(bound, name) ? bound[name] : undefined;
      if (typeof binding === "object") {
        const choice = this.choice(desc, binding.oneof);
        choices.set(name, choice);
        return choice;
      }
      const field = desc.fields.find((one) => (binding === undefined ? one.jsonName === name : one.name === binding));
      if (field === undefined) return undefined;
      const target = { jsonName: field.jsonName, convert: this.convert(field) };
      targets.set(name, target);
      return target;
    };
    return (given) => {
      const json: Json = {};
      for (const name of Object.keys(given)) {
        const value = given[name];
        if (value === undefined) continue;
        const target = find(name);
        if (target === undefined) continue;
        if (typeof target === "function") {
          if (value !== null) Object.assign(json, target(value as Given));
        } else json[target.jsonName] = target.convert && value !== null ? target.convert(value) : (value as JsonValue);
      }
      return json;
    };
  }

  /** Compiles the conversion of one argument to a whole message. */
  whole(desc: DescMessage): Convert {
    return this.message(desc) ?? ((value) => value as JsonValue);
  }

  private choice(desc: DescMessage, members: { readonly [name: string]: string }): ReadInput {
    return this.reader(desc, members as { readonly [name: string]: GraphQLInputField });
  }

  private convert(field: DescField): Convert | undefined {
    const convert = this.value(field);
    switch (field.fieldKind) {
      case "list":
        return convert && ((list) => (list as unknown[]).map((item) => (item === null ? null : convert(item))));
      case "map":
        return (entries) => toObject(field, entries as readonly Entry[], convert);
      default:
        return convert;
    }
  }

  private value(field: DescField): Convert | undefined {
    if (field.message !== undefined) return this.message(field.message);
    if (field.enum === undefined) return undefined;
    const values = this.enums.get(field.enum.typeName)?.values;
    return values && ((name) => values[name as string] ?? (name as string));
  }

  private message(desc: DescMessage): Convert | undefined {
    if (scalarMessages.has(desc.typeName) || isWrapperDesc(desc)) return undefined;
    // Compiled on first use, since messages may be recursive.
    return (value) => this.known(desc)(value as Given);
  }

  private known(desc: DescMessage): ReadInput {
    let reader = this.readers.get(desc.typeName);
    if (reader === undefined) {
      reader = this.reader(this.messages.message(desc.typeName));
      this.readers.set(desc.typeName, reader);
    }
    return reader;
  }
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

function toObject(field: DescField, entries: readonly Entry[], convert: Convert | undefined): JsonValue {
  const given = entries.map(({ key, value }): readonly [string, JsonValue] => [
    String(key),
    convert && value !== null ? convert(value) : (value as JsonValue),
  ]);
  const keys = new Set(given.map(([key]) => key));
  if (keys.size !== given.length) {
    const message = "must not repeat a key";
    const violations = [{ field: field.name, rule: "map.keys", message }];
    throw new PotterError("invalid_argument", `${field.name} ${message}`, { violations });
  }
  return Object.fromEntries(given);
}
