import { type DescField, type DescMessage, protoInt64, ScalarType, toBinary } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { compileText, literal, property, type Refer } from "../../function-text/index.js";
import { hasInheritedName } from "./layout.js";
import { tagOf, wireOf } from "./wire-type.js";
import { WireWriter } from "./wire-writer.js";

/** Writes the binary wire format. */
export type Encode = (message: unknown) => Uint8Array;

/** Writes the members of a message. false: only protobuf-es can write it, or refuse it. */
type Write = (writer: WireWriter, message: unknown) => boolean;

/** Other writers refer to it before it is compiled, since messages may be recursive. */
interface Compiled {
  write: Write;
}

const notCompiled: Write = () => false;

const writers = new WeakMap<DescMessage, Compiled>();

/** Not in use. A getter of a message might encode another one. */
let idle: WireWriter | undefined = new WireWriter();

/** Returns `toBinary` of protobuf-es for a message. A message that the compiled code does not handle is written by protobuf-es. */
export function compileEncode(schema: DescMessage): Encode {
  const { write } = isEncodable(schema, new Set()) ? compileWrite(schema) : { write: notCompiled };
  if (write === notCompiled) return (message) => toBinary(schema, message as never);
  return (message) => {
    const writer = idle ?? new WireWriter();
    idle = undefined;
    writer.start();
    let bytes: Uint8Array | undefined;
    try {
      if (write(writer, message)) bytes = writer.finish();
    } catch {
      // protobuf-es reports what is wrong.
    }
    idle = writer;
    return bytes ?? toBinary(schema, message as never);
  };
}

const scalars: ReadonlySet<ScalarType> = new Set([
  ScalarType.STRING,
  ScalarType.BOOL,
  ScalarType.INT32,
  ScalarType.UINT32,
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.DOUBLE,
  ScalarType.BYTES,
]);

// google.protobuf.FeatureSet.FieldPresence
const implicit = 2;
const legacyRequired = 3;

/** Whether all fields of a message, and of those in it, can be compiled, so that usual messages are never written twice. */
function isEncodable(schema: DescMessage, seen: Set<DescMessage>): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  if (hasInheritedName(schema) || !protoInt64.supported) return false;
  return schema.fields.every((field) => {
    const { fieldKind, message, scalar } = field;
    if (fieldKind === "map" || field.presence === legacyRequired) return false;
    if (scalar !== undefined) return scalars.has(scalar) && !("longAsString" in field && field.longAsString);
    if (message === undefined) return true;
    const isOther = isWrapperDesc(message) || message.typeName === "google.protobuf.Struct";
    return !isOther && !("delimitedEncoding" in field && field.delimitedEncoding) && isEncodable(message, seen);
  });
}

function compileWrite(schema: DescMessage): Compiled {
  const known = writers.get(schema);
  if (known !== undefined) return known;
  const compiled: Compiled = { write: notCompiled };
  writers.set(schema, compiled);
  compiled.write = compileText<Write>((refer) => printWrite(schema, refer)) ?? notCompiled;
  return compiled;
}

function printWrite(schema: DescMessage, refer: Refer): string {
  const fields = [...schema.fields].sort((a, b) => a.number - b.number);
  // Unknown fields are written by protobuf-es.
  const check = `if(m.$typeName!==${literal(schema.typeName)}||m.$unknown!==undefined)return false;`;
  return `(w,m)=>{${check}let v,p,l;${fields.map((field) => printField(field, refer)).join("")}return true}`;
}

/** Returns statements that write a field, if it is set. */
function printField(field: DescField, refer: Refer): string {
  const { fieldKind, oneof, localName } = field;
  if (oneof !== undefined) {
    const value = `v=v.value;${printValue(field, refer)}`;
    return `v=m${property(oneof.localName)};if(v==null)return false;if(v.case===${literal(localName)}){${value}}`;
  }
  const read = `v=m${property(localName)};`;
  if (fieldKind === "list") return `${read}${printList(field, refer)}`;
  const isSet =
    field.presence === implicit
      ? printIsNonZero(field)
      : `v!==undefined&&Object.prototype.hasOwnProperty.call(m,${literal(localName)})`;
  return `${read}if(${isSet}){${printValue(field, refer)}}`;
}

function printIsNonZero({ scalar, enum: type }: DescField): string {
  switch (scalar) {
    case undefined:
      return `v!==${type?.values[0]?.number}`;
    case ScalarType.STRING:
      return 'v!==""';
    case ScalarType.BOOL:
      return "v!==false";
    case ScalarType.DOUBLE:
      return "!Object.is(v,0)";
    case ScalarType.BYTES:
      return "!(v instanceof Uint8Array)||v.byteLength>0";
    default:
      return "v!=0";
  }
}

function printList(field: DescField & { readonly fieldKind: "list" }, refer: Refer): string {
  const check = "if(!Array.isArray(v))return false;l=v;";
  if (field.message !== undefined || !field.packed)
    return `${check}for(let i=0;i<l.length;i++){v=l[i];${printValue(field, refer)}}`;
  const items = `for(let i=0;i<l.length;i++){v=l[i];${printScalar(field.scalar)}}`;
  const start = `w.uint32(${tagOf(field.number, WireType.LengthDelimited)});p=w.begin();`;
  return `${check}if(l.length>0){${start}${items}w.end(p)}`;
}

/** Returns statements that write the tag and the value `v`. */
function printValue({ number, message, scalar }: DescField, refer: Refer): string {
  if (message === undefined) return `w.uint32(${tagOf(number, wireOf(scalar))});${printScalar(scalar)}`;
  const check = `if(typeof v!=="object"||v===null)return false;`;
  const write = `p=w.begin();if(!${refer(compileWrite(message))}.write(w,v))return false;w.end(p);`;
  return `${check}w.uint32(${tagOf(number, WireType.LengthDelimited)});${write}`;
}

/** Returns statements that write the scalar `v`, or an enum if `type` is undefined. */
function printScalar(type: ScalarType | undefined): string {
  const write = (condition: string, method: string): string => `if(!(${condition}))return false;w.${method}(v);`;
  switch (type) {
    case ScalarType.STRING:
      return write('typeof v==="string"', "string");
    case ScalarType.BOOL:
      return 'if(typeof v!=="boolean")return false;w.uint32(v?1:0);';
    case ScalarType.UINT32:
      return write("v>>>0===v", "uint32");
    case ScalarType.INT64:
      return write('typeof v==="bigint"&&BigInt.asIntN(64,v)===v', "uint64");
    case ScalarType.UINT64:
      return write('typeof v==="bigint"&&BigInt.asUintN(64,v)===v', "uint64");
    case ScalarType.DOUBLE:
      return write('typeof v==="number"', "double");
    case ScalarType.BYTES:
      return write("v instanceof Uint8Array", "bytes");
    default:
      return write("(v|0)===v", "int32");
  }
}
