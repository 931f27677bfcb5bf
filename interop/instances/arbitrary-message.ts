import {
  create,
  createRegistry,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { type ReflectList, type ReflectMap, type ReflectMessage, reflect, usedTypes } from "@bufbuild/protobuf/reflect";
import { type Any, isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { createValidator } from "@bufbuild/protovalidate";
import fc from "fast-check";
import { arbitraryFloat, arbitraryInteger } from "./arbitrary-number.js";
import { arbitraryBytes, arbitraryString } from "./arbitrary-text.js";
import { arbitraryWellKnown } from "./arbitrary-well-known.js";
import { choicesOf, isRequired, noRules, type Rules, rulesOf } from "./read-rules.js";

// google.protobuf.FeatureSet.FieldPresence
const [implicit, legacyRequired] = [2, 3];

/** Options of the generator of messages. */
export interface Making {
  /** The message that an instance is of: what it holds in an Any must be known to its file. */
  readonly root: DescMessage;
  /** Fields that are set in every message, in addition to those that proto and rules require. */
  readonly owed: (field: DescField) => boolean;
}

/** The depth below which only required fields are set. */
const deepest = 3;

/**
 * Messages, nearly all of them valid: rules are obeyed where they say what to do, and what they say together, or in
 * CEL, is left to the caller's filter. Numbers of enums that have no name are omitted, since ProtoJSON has none for them.
 */
export class Arbitraries {
  private readonly making: Making;
  private readonly known: Map<string, fc.Arbitrary<Message>> = new Map();

  constructor(making: Making) {
    this.making = making;
  }

  message(desc: DescMessage, depth = 0): fc.Arbitrary<Message> {
    const key = `${desc.typeName} ${depth}`;
    const found = this.known.get(key) ?? this.makeMessage(desc, depth);
    this.known.set(key, found);
    return found;
  }

  private makeMessage(desc: DescMessage, depth: number): fc.Arbitrary<Message> {
    const plain = desc.fields.filter(({ oneof }) => oneof === undefined);
    const fields = plain.map((field) =>
      fc.tuple(fc.nat(99), this.content(field, depth)).map(([roll, content]) => ({ field, roll, content })),
    );
    const oneofs = desc.oneofs.map((oneof) => {
      const forced = oneof.fields.filter((field) => this.isOwed(field));
      const members = (forced.length > 0 ? forced : oneof.fields).map((field) =>
        this.content(field, depth).map((content) => ({ field, roll: -1, content })),
      );
      const optional = !isRequired(oneof) && forced.length === 0;
      return fc.oneof(...members, ...(optional ? [fc.constant(undefined)] : []));
    });
    const density = fc.constantFrom(0, 20, 60, 100);
    const rolls = fc.tuple(density, fc.nat(999));
    return fc.tuple(rolls, fc.tuple(...fields), fc.tuple(...oneofs)).map(([[percent, roll], parts, choices]) => {
      const message = reflect(desc);
      const { set, unset } = choose(desc, roll);
      for (const part of [...parts, ...choices]) {
        if (part === undefined || unset.includes(part.field.name)) continue;
        if (part.roll < percent || set.includes(part.field.name) || this.isOwed(part.field)) part.content(message);
      }
      return message.message;
    });
  }

  private isOwed(field: DescField): boolean {
    const { required } = rulesOf(field);
    return required || this.making.owed(field) || field.presence === legacyRequired || needsValue(field);
  }

  /** What sets a field to something. */
  private content(field: DescField, depth: number): fc.Arbitrary<(message: ReflectMessage) => void> {
    const rules = rulesOf(field);
    if (depth >= deepest && field.message !== undefined && !rules.required && !this.making.owed(field)) {
      return fc.constant(() => {});
    }
    if (field.fieldKind === "list") {
      const { min_items: min, max_items: max, unique } = rules.values as Record<string, bigint | boolean | undefined>;
      const item = this.value(field, rules.within("items"), depth);
      const minLength = Math.max(Number(min ?? 0n), this.isOwed(field) ? 1 : 0);
      const range = { minLength, maxLength: Number(max ?? BigInt(Math.max(3, minLength + 1))) };
      const items = unique === true ? fc.uniqueArray(item, { ...range, selector: identify }) : fc.array(item, range);
      return items.map((values) => (message) => {
        const list = message.get(field) as ReflectList;
        for (const value of values) list.add(value);
      });
    }
    if (field.fieldKind === "map") {
      const { min_pairs: min, max_pairs: max } = rules.values as Record<string, bigint | undefined>;
      const key = this.scalar(field.mapKey, rules.within("keys"), true);
      const entry = fc.tuple(key, this.value(field, rules.within("values"), depth));
      const minLength = Math.max(Number(min ?? 0n), this.isOwed(field) ? 1 : 0);
      const selector = ([name]: readonly [unknown, unknown]) => String(name);
      const range = { minLength, maxLength: Number(max ?? BigInt(Math.max(3, minLength + 1))), selector };
      return fc.uniqueArray(entry, range).map((entries) => (message) => {
        const map = message.get(field) as ReflectMap;
        for (const [name, value] of entries) map.set(name, value);
      });
    }
    const mayBeZero = field.presence !== implicit || !this.isOwed(field);
    return this.value(field, rules, depth, mayBeZero).map((value) => (message) => message.set(field, value as never));
  }

  /** A value as a field, a list or a map of the reflection holds it. */
  private value(field: DescField, rules: Rules, depth: number, mayBeZero = true): fc.Arbitrary<unknown> {
    if (field.message !== undefined) {
      const { message } = field;
      return this.anyMessage(message, rules, depth + 1).map((value) => reflect(message, value));
    }
    if (field.enum !== undefined) {
      const { const: only, in: some, not_in: none } = rules.values as Record<string, unknown>;
      const numbers = field.enum.values
        .map(({ number }) => number)
        .filter((number) => only === undefined || number === only)
        .filter((number) => some === undefined || (some as number[]).includes(number))
        .filter((number) => (none as number[] | undefined)?.includes(number) !== true && (mayBeZero || number !== 0));
      return fc.constantFrom(...numbers);
    }
    return this.scalar(field.scalar ?? ScalarType.STRING, rules, mayBeZero);
  }

  private anyMessage(desc: DescMessage, rules: Rules, depth: number): fc.Arbitrary<Message> {
    if (desc.typeName === "google.protobuf.Any") return this.any(desc, rules, depth);
    const [wrapped] = isWrapperDesc(desc) ? desc.fields : [];
    if (wrapped?.scalar !== undefined) {
      return this.scalar(wrapped.scalar, rules, true).map((value) => create(desc, { value }));
    }
    return arbitraryWellKnown(desc, rules.values) ?? this.message(desc, depth);
  }

  /** An Any of what the file of the root knows; or one that holds nothing. */
  private any(desc: DescMessage, { values }: Rules, depth: number): fc.Arbitrary<Message> {
    const { file } = this.making.root;
    const url = ({ typeName }: DescMessage) => `type.googleapis.com/${typeName}`;
    const held = [...createRegistry(file, ...file.dependencies)]
      .filter((type) => type.kind === "message")
      .filter((type) => depth < deepest && ![type, ...usedTypes(type)].some((used) => used.typeName === desc.typeName))
      .filter((type) => (values["in"] as string[] | undefined)?.includes(url(type)) !== false)
      .filter((type) => (values["not_in"] as string[] | undefined)?.includes(url(type)) !== true)
      .slice(0, 12);
    const filled = held.map((type) =>
      this.anyMessage(type, noRules, depth + 1).map((message) =>
        create(desc, { typeUrl: url(type), value: toBinary(type, message) }),
      ),
    );
    const empty = values["in"] === undefined ? [fc.constant(create(desc))] : [];
    return fc.oneof(...filled, ...empty) as fc.Arbitrary<Any>;
  }

  private scalar(type: ScalarType, { values }: Rules, mayBeZero: boolean): fc.Arbitrary<unknown> {
    const nonZero = mayBeZero ? {} : { min_len: 1n };
    switch (type) {
      case ScalarType.STRING:
        return arbitraryString({ ...nonZero, ...values });
      case ScalarType.BYTES:
        return arbitraryBytes({ ...nonZero, ...values });
      case ScalarType.BOOL:
        if (values["const"] !== undefined) return fc.constant(values["const"]);
        return mayBeZero ? fc.boolean() : fc.constant(true);
      case ScalarType.FLOAT:
      case ScalarType.DOUBLE:
        return arbitraryFloat(type, values).filter((value) => mayBeZero || value !== 0);
      default:
        return arbitraryInteger(type, values).filter((value) => mayBeZero || (value !== 0 && value !== 0n));
    }
  }
}

/** Which fields of the choices that protovalidate declares are set, and which are not. */
function choose(
  desc: DescMessage,
  roll: number,
): { readonly set: readonly string[]; readonly unset: readonly string[] } {
  const choices = choicesOf(desc).map(({ fields, required }) => {
    const chosen = fields[roll % (fields.length + (required ? 0 : 1))];
    return { set: chosen === undefined ? [] : [chosen], unset: fields.filter((name) => name !== chosen) };
  });
  return { set: choices.flatMap(({ set }) => set), unset: choices.flatMap(({ unset }) => unset) };
}

const breaking: WeakMap<DescMessage, ReadonlySet<DescField>> = new WeakMap();
const validator = createValidator();

/** Whether an absent field breaks its own rules. A field without presence is checked as its zero value. */
function needsValue(field: DescField): boolean {
  let fields = breaking.get(field.parent);
  if (fields === undefined) {
    const { violations = [] } = validator.validate(field.parent, create(field.parent));
    fields = new Set(violations.flatMap(({ field: [first] }) => (first?.kind === "field" ? [first] : [])));
    breaking.set(field.parent, fields);
  }
  return fields.has(field);
}

function identify(value: unknown): string {
  return value instanceof Uint8Array ? `bytes ${value}` : String(value);
}
