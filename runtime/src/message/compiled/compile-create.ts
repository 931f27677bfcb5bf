import { create, type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { compileText, literal, property } from "../../function-text/index.js";
import { hasInheritedName, printInitial, printMessage, readLayout } from "./layout.js";

/** Creates a message from its members. Returns a given message of the type as it is. */
export type Create = (init?: unknown) => unknown;

type Convert = (value: unknown) => unknown;

const creates = new WeakMap<DescMessage, Create>();

/** Returns `create` of protobuf-es for a message, compiled once. */
export function compileCreate(schema: DescMessage): Create {
  let found = creates.get(schema);
  if (found === undefined) {
    found = compile(schema) ?? ((init) => create(schema, init as Record<string, unknown> | undefined));
    creates.set(schema, found);
  }
  return found;
}

function compile(schema: DescMessage): Create | undefined {
  if (hasInheritedName(schema)) return undefined;
  return compileText((refer) => {
    const layout = readLayout(schema);
    const empty = printMessage(
      { ...layout, members: layout.members.filter(({ kind }) => kind !== "none") },
      (member) => printInitial(member, refer),
      refer,
    );
    const reads = layout.members.map(({ localName }, at) => `v${at}=init${property(localName)}`);
    const absent = layout.members.flatMap(({ kind, desc }, at) => {
      if (kind !== "none") return [];
      const convert = compileConvert(desc);
      const value = convert === undefined ? `v${at}` : `${refer(convert)}(v${at})`;
      return [`v${at}=v${at}==null?undefined:${value};`];
    });
    const message = printMessage(
      layout,
      (member) => {
        const value = `v${layout.members.indexOf(member)}`;
        const convert = compileConvert(member.desc);
        switch (member.kind) {
          case "none":
            return value;
          case "oneof":
            return `${refer(convert)}(${value})`;
          case "value":
            return `${value}==null?${printInitial(member, refer)}:${convert === undefined ? value : `${refer(convert)}(${value})`}`;
          case "list":
          case "map":
            return `${convert === undefined ? value : `${refer(convert)}(${value})`}??${printInitial(member, refer)}`;
        }
      },
      refer,
    );
    const typed = `typeof init==="object"&&init.$typeName===${literal(layout.typeName)}`;
    const variables = reads.length === 0 ? "" : `let ${reads.join()};`;
    return `(init)=>{if(init==null){${empty}return m}if(${typed})return init;${variables}${absent.join("")}${message}return m}`;
  });
}

/** Returns the function that converts a given member; undefined: it is used as it is. */
function compileConvert(desc: DescField | DescOneof): Convert | undefined {
  if (desc.kind === "oneof") return convertOneof(desc);
  // protobuf-es copies all lists and maps of messages.
  const copies = desc.message !== undefined && (desc.fieldKind === "list" || desc.fieldKind === "map");
  const convert = compileConvertValue(desc) ?? (copies ? (value: unknown) => value : undefined);
  if (convert === undefined) return undefined;
  if (desc.fieldKind === "list") return (list) => (Array.isArray(list) ? list.map((item) => convert(item)) : list);
  return desc.fieldKind === "map" ? (map) => convertMap(map, convert) : convert;
}

function compileConvertValue(field: DescField): Convert | undefined {
  if (field.scalar === ScalarType.BYTES) return toBytes;
  const { message } = field;
  if (message === undefined) return undefined;
  if (field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(message)) {
    return message.fields[0]?.scalar === ScalarType.BYTES ? toBytes : undefined;
  }
  // A field of this type holds JSON.
  if (message.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value")
    return undefined;
  // Compiled on first use, since messages may be recursive.
  let compiled: Create | undefined;
  return (value) => {
    if (!isObject(value)) return value;
    compiled ??= compileCreate(message);
    return compiled(value);
  };
}

function convertOneof({ fields }: DescOneof): Convert {
  const converts = new Map<unknown, Convert>();
  for (const field of fields) converts.set(field.localName, compileConvertValue(field) ?? ((value) => value));
  return (given) => {
    const { case: chosen, value } = (given ?? {}) as { readonly case?: unknown; readonly value?: unknown };
    const convert = chosen === null || chosen === undefined ? undefined : converts.get(chosen);
    return convert === undefined ? { case: undefined } : { case: chosen, value: convert(value) };
  };
}

function convertMap(map: unknown, convert: Convert): unknown {
  if (!isObject(map)) return map;
  const converted: Record<string, unknown> = {};
  for (const key of Object.keys(map)) {
    const value = convert(map[key]);
    // An assignment to __proto__ would set the prototype.
    if (key !== "__proto__") converted[key] = value;
    else Object.defineProperty(converted, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return converted;
}

function toBytes(value: unknown): unknown {
  return Array.isArray(value) ? new Uint8Array(value as number[]) : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
