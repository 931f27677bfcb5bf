import { create, type DescField, type DescMessage, type DescOneof, protoInt64 } from "@bufbuild/protobuf";
import { compileText, literal, property, type Refer } from "../../function-text/index.js";
import { printInitial, printMessage, readLayout } from "../compiled/index.js";
import { isCompilable } from "./compilable.js";
import { fallback, mostLevels } from "./fallback.js";
import { compileReadElement, compileReadField, type FindReader, type ReadField } from "./read-field.js";

/** Reads ProtoJSON into messages of protobuf-es. Returns `fallback` for JSON that protobuf-es must validate. */
export interface Reader {
  /** `depth` counts from 1, for the outermost message. */
  read(json: unknown, depth: number): unknown;
}

type Json = Readonly<Record<string, unknown>>;
type Fields = Record<string, unknown>;

/** One field that may be in the JSON. */
interface Entry {
  readonly field: DescField;
  readonly jsonName: string;
  /** The proto name, if it differs from the JSON name. */
  readonly protoName: string | undefined;
  readonly localName: string;
  /** Whether null is a value of the field, and does not mean that it is unset. */
  readonly nullable: boolean;
  readonly read: ReadField;
}

/** A field outside of a oneof, with its value if it is absent: a default, a new list or map, or none. */
interface Single extends Entry {
  readonly kind: "value" | "list" | "map" | "none";
  readonly initial: unknown;
}

interface Choice {
  readonly kind: "oneof";
  readonly localName: string;
  readonly entries: readonly Entry[];
}

/** Returns `fallback` for all JSON. */
const fallbackOnly: Reader = { read: () => fallback };

const readers = new WeakMap<DescMessage, Reader>();

/** Returns the reader of a message, which is compiled once; undefined if it would always return `fallback`. */
export function compileReader(schema: DescMessage): Reader | undefined {
  const reader = find(schema);
  return reader === fallbackOnly ? undefined : reader;
}

const find: FindReader = (schema) => {
  const known = readers.get(schema);
  if (known !== undefined) return known;
  if (!isCompilable(schema) || !protoInt64.supported) {
    readers.set(schema, fallbackOnly);
    return fallbackOnly;
  }
  const reader = new MessageReader(schema);
  // Registered before its fields are compiled, since messages may be recursive.
  readers.set(schema, reader);
  reader.members = toMembers(schema);
  const read = compileText<Reader["read"]>((refer) => printReader(schema, reader.members, refer));
  if (read !== undefined) reader.read = read;
  return reader;
};

/** Returns the text of the method `read` of `MessageReader` with its loop unrolled. */
function printReader(schema: DescMessage, members: readonly (Single | Choice)[], refer: Refer): string {
  const failed = `return ${refer(fallback)};`;
  const layout = readLayout(schema);
  const variables = layout.members.map((member, at) => `v${at}=${printInitial(member, refer)}`);
  const lookUpIn = ({ jsonName, protoName }: Entry): string =>
    `g=j${property(jsonName)};${protoName === undefined ? "" : `if(g===undefined)g=j${property(protoName)};`}`;
  const reads = members.map((member, at) => {
    if (member.kind !== "oneof") {
      const nothing = member.nullable ? "" : "if(g===null)n++;else ";
      return `${lookUpIn(member)}if(g!==undefined){${nothing}{n++;${printRead(member, `v${at}`, refer)}}}`;
    }
    return member.entries
      .map((entry) => {
        const choice = `v${at}={case:${literal(entry.localName)},value:x};`;
        return `${lookUpIn(entry)}if(g!==undefined){if(g===null||v${at}.case!==undefined)${failed}n++;${printRead(entry, "x", refer)}${choice}}`;
      })
      .join("");
  });
  const message = printMessage(layout, (member) => `v${layout.members.indexOf(member)}`, refer);
  const check = `if(d>=${mostLevels}||!${refer(isPlainObject)}(j))${failed}`;
  const start = `let ${["g", "x", "n=0", ...variables].join()};`;
  return `(j,d)=>{${check}${start}${reads.join("")}if(n!==Object.keys(j).length)${failed}${message}return m}`;
}

/** Returns statements that read the JSON `g` of a field, which is neither null nor undefined, into a variable. */
function printRead({ field, read }: Entry, variable: string, refer: Refer): string {
  const failed = refer(fallback);
  if (field.fieldKind === "list") {
    const item = `x=${printElement(field, compileReadElement(field, field.listKind, find), "g[i]", refer)};`;
    const loop = `for(let i=0;i<g.length;i++){${item}if(x===${failed})return x;${variable}.push(x)}`;
    return `if(!Array.isArray(g))return ${failed};${loop}`;
  }
  const value = field.fieldKind === "map" ? `${refer(read)}(g,d)` : printElement(field, read, "g", refer);
  return `${variable}=${value};if(${variable}===${failed})return ${failed};`;
}

/** Returns an expression: the value that `read` returns for a JSON value. */
function printElement({ message }: DescField, read: ReadField, json: string, refer: Refer): string {
  if (message !== undefined && isCompilable(message)) return `${refer(find(message))}.read(${json},d+1)`;
  return `${refer(read)}(${json},d)`;
}

/**
 * Iterates over the fields, not the JSON, so that all messages of a type have the same hidden class. Unknown keys of the JSON
 * are detected by the number of its keys.
 */
class MessageReader implements Reader {
  members: readonly (Single | Choice)[] = [];
  private readonly typeName: string;
  /** The prototype that holds the defaults of fields with presence. */
  private readonly prototype: object | undefined;

  constructor(schema: DescMessage) {
    this.typeName = schema.typeName;
    const prototype = Object.getPrototypeOf(create(schema)) as object;
    this.prototype = prototype === Object.prototype ? undefined : prototype;
  }

  read(json: unknown, depth: number): unknown {
    if (depth >= mostLevels || !isPlainObject(json)) return fallback;
    const message: Fields =
      this.prototype === undefined ? { $typeName: this.typeName } : createFrom(this.prototype, this.typeName);
    let count = 0;
    const { members } = this;
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as Single | Choice;
      const found =
        member.kind === "oneof" ? readChoice(member, json, message, depth) : readSingle(member, json, message, depth);
      if (found < 0) return fallback;
      count += found;
    }
    return count === Object.keys(json).length ? message : fallback;
  }
}

/** Whether an object has own members only. */
function isPlainObject(json: unknown): json is Json {
  if (typeof json !== "object" || json === null) return false;
  const prototype: unknown = Object.getPrototypeOf(json);
  return prototype === Object.prototype || prototype === null;
}

function createFrom(prototype: object, typeName: string): Fields {
  const message = Object.create(prototype) as Fields;
  message["$typeName"] = typeName;
  return message;
}

/** Reads one field. Returns how many keys of the JSON it used, or -1 for `fallback`. */
function readSingle(member: Single, json: Json, message: Fields, depth: number): number {
  const given = lookUp(member, json);
  if (given === undefined || (given === null && !member.nullable)) {
    if (member.kind === "value") message[member.localName] = member.initial;
    else if (member.kind === "list") message[member.localName] = [];
    else if (member.kind === "map") message[member.localName] = {};
    return given === undefined ? 0 : 1;
  }
  const value = member.read(given, depth);
  if (value === fallback) return -1;
  message[member.localName] = value;
  return 1;
}

function readChoice({ localName, entries }: Choice, json: Json, message: Fields, depth: number): number {
  let chosen: { readonly case: string | undefined; readonly value?: unknown } | undefined;
  for (const entry of entries) {
    const given = lookUp(entry, json);
    if (given === undefined) continue;
    // Whether null counts as a choice depends on the kind of the field.
    if (given === null || chosen !== undefined) return -1;
    const value = entry.read(given, depth);
    if (value === fallback) return -1;
    chosen = { case: entry.localName, value };
  }
  message[localName] = chosen ?? { case: undefined };
  return chosen === undefined ? 0 : 1;
}

/** A field that is present under both names is detected by the number of keys. */
function lookUp({ jsonName, protoName }: Entry, json: Json): unknown {
  const value = json[jsonName];
  return value === undefined && protoName !== undefined ? json[protoName] : value;
}

function toMembers(schema: DescMessage): (Single | Choice)[] {
  const empty = create(schema) as unknown as Fields;
  return schema.members.map((member) => (member.kind === "oneof" ? toChoice(member) : toSingle(member, empty)));
}

function toChoice({ localName, fields }: DescOneof): Choice {
  return { kind: "oneof", localName, entries: fields.map(toEntry) };
}

function toSingle(field: DescField, empty: Fields): Single {
  const entry = toEntry(field);
  if (field.fieldKind === "list" || field.fieldKind === "map") {
    return { ...entry, kind: field.fieldKind, initial: undefined };
  }
  const kind = Object.hasOwn(empty, field.localName) ? "value" : "none";
  return { ...entry, kind, initial: kind === "value" ? empty[field.localName] : undefined };
}

function toEntry(field: DescField): Entry {
  const { name, jsonName, localName } = field;
  const protoName = name === jsonName ? undefined : name;
  const type = (field.message ?? field.enum)?.typeName;
  const nullable = type === "google.protobuf.Value" || type === "google.protobuf.NullValue";
  return { field, jsonName, protoName, localName, nullable, read: compileReadField(field, find) };
}
