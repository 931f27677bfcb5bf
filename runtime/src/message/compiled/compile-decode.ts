import { type DescField, type DescMessage, fromBinary, protoInt64, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { compileText, literal, type Refer } from "../../function-text/index.js";
import { hasInheritedName, type Layout, printInitial, printMessage, readLayout } from "./layout.js";
import { WireReader } from "./wire-reader.js";
import { tagOf, wireOf } from "./wire-type.js";

/** Reads the binary wire format. */
export type Decode = (bytes: Uint8Array) => unknown;

/** Reads a message that ends at `end`, at a depth that counts from 1. Undefined: only protobuf-es can read it. */
type Read = (reader: WireReader, end: number, depth: number) => unknown;

/** Other readers refer to it before it is compiled, since messages may be recursive. */
interface Compiled {
  read: Read;
}

/** The nesting limit of protobuf-es. */
const mostLevels = 100;

/** The highest number whose tag has two bytes. */
const highestNumber = 2047;

const notCompiled: Read = () => undefined;

const readers = new WeakMap<DescMessage, Compiled>();

/** Returns `fromBinary` of protobuf-es for a message. Bytes that the compiled code does not handle are read by protobuf-es. */
export function compileDecode(schema: DescMessage): Decode {
  const compiled = isDecodable(schema, new Set()) ? compileRead(schema) : undefined;
  if (compiled === undefined || compiled.read === notCompiled) return (bytes) => fromBinary(schema, bytes);
  return (bytes) => {
    let message: unknown;
    try {
      message = compiled.read(new WireReader(bytes), bytes.length, 1);
    } catch {
      // protobuf-es reports what is wrong, if anything is.
    }
    return message ?? fromBinary(schema, bytes);
  };
}

/** Whether all fields of a message, and of those in it, can be compiled, so that usual bytes are never read twice. */
function isDecodable(schema: DescMessage, seen: Set<DescMessage>): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  if (hasInheritedName(schema) || !protoInt64.supported) return false;
  return schema.fields.every((field) => {
    if (field.number > highestNumber) return false;
    if (field.enum !== undefined && !field.enum.open) return false;
    if (field.message === undefined) return true;
    const isJson = field.message.typeName === "google.protobuf.Struct" && schema.typeName !== "google.protobuf.Value";
    return !isJson && !isDelimited(field) && isDecodable(field.message, seen);
  });
}

function isDelimited(field: DescField): boolean {
  return "delimitedEncoding" in field && field.delimitedEncoding;
}

function compileRead(schema: DescMessage): Compiled {
  const known = readers.get(schema);
  if (known !== undefined) return known;
  const compiled: Compiled = { read: notCompiled };
  readers.set(schema, compiled);
  compiled.read = compileText<Read>((refer) => printRead(readLayout(schema), refer)) ?? notCompiled;
  return compiled;
}

function printRead(layout: Layout, refer: Refer): string {
  const { members } = layout;
  const cases = members.map(({ desc }, at) =>
    desc.kind === "oneof"
      ? desc.fields.map((field) => printChoice(field, `v${at}`, refer)).join("")
      : printField(desc, `v${at}`, refer),
  );
  const variables = ["x", ...members.map((member, at) => `v${at}=${printInitial(member, refer)}`)];
  const message = printMessage(layout, (member) => `v${members.indexOf(member)}`, refer);
  // What has no case is left to protobuf-es: unknown fields, and known ones with an unusual wire type.
  const loop = `while(r.pos<end)switch(r.tag()){${cases.join("")}default:return}`;
  return `(r,end,d)=>{if(d>${mostLevels})return;let ${variables.join()};${loop}${message}return m}`;
}

/** Returns the cases of a field outside of a oneof. */
function printField(field: DescField, variable: string, refer: Refer): string {
  const { fieldKind, message } = field;
  if (fieldKind === "map") return printMap(field, variable, refer);
  if (fieldKind === "list") {
    if (message !== undefined) return printCase(field, `${printMessageRead(message, refer)}${variable}.push(x)`);
    const push = `${variable}.push(${printScalar(field, field.scalar)})`;
    const item = printCase(field, push);
    if (wireOf(field.scalar) === WireType.LengthDelimited) return item;
    return `${item}${printCase(field, `x=r.end();while(r.pos<x)${push}`, WireType.LengthDelimited)}`;
  }
  if (message === undefined) return printCase(field, `${variable}=${printScalar(field, field.scalar)}`);
  const value = isWrapperDesc(message) ? "x.value" : "x";
  // A further occurrence would be merged.
  return printCase(field, `if(${variable}!==undefined)return;${printMessageRead(message, refer)}${variable}=${value}`);
}

function printChoice(field: DescField, variable: string, refer: Refer): string {
  const name = literal(field.localName);
  if (field.message === undefined)
    return printCase(field, `${variable}={case:${name},value:${printScalar(field, field.scalar)}}`);
  const read = `if(${variable}.case===${name})return;${printMessageRead(field.message, refer)}`;
  return printCase(field, `${read}${variable}={case:${name},value:x}`);
}

function printMap(field: DescField & { readonly fieldKind: "map" }, variable: string, refer: Refer): string {
  const { mapKey, scalar, message } = field;
  const key = `case ${tagOf(1, wireOf(mapKey))}:k=${printScalar(field, mapKey)};break;`;
  const value =
    message === undefined
      ? `case ${tagOf(2, wireOf(scalar))}:w=${printScalar(field, scalar)};break;`
      : `case ${tagOf(2, WireType.LengthDelimited)}:if(w!==undefined)return;${printMessageRead(message, refer)}w=x;break;`;
  const entry = `while(r.pos<e)switch(r.tag()){${key}${value}default:return}`;
  // An assignment to __proto__ would set the prototype.
  const check = `if(k===undefined||w===undefined||k==="__proto__")return;`;
  return printCase(field, `{const e=r.end();let k,w;${entry}${check}${variable}[k]=w}`);
}

function printCase({ number, scalar, message, fieldKind }: DescField, statements: string, wire?: WireType): string {
  const usual = message !== undefined || fieldKind === "map" ? WireType.LengthDelimited : wireOf(scalar);
  return `case ${tagOf(number, wire ?? usual)}:${statements};break;`;
}

/** Returns statements that read a message into `x`. */
function printMessageRead(schema: DescMessage, refer: Refer): string {
  return `x=${refer(compileRead(schema))}.read(r,r.end(),d+1);if(x===undefined)return;`;
}

/** Returns the text of a scalar's value, or of an enum's if `type` is undefined. */
function printScalar(field: DescField, type: ScalarType | undefined): string {
  const value = `r.${methodOf(type ?? ScalarType.INT32)}()`;
  return field.fieldKind !== "map" && "longAsString" in field && field.longAsString ? `String(${value})` : value;
}

/** The method of WireReader that reads a scalar has the name of its type. */
function methodOf(type: ScalarType): string {
  return (ScalarType[type] as string).toLowerCase();
}
