import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { literal, type Refer } from "../../function-text/index.js";
import { fallback } from "./fallback.js";
import { compileWriteElement, compileWriteField, type FindWriter, omitsZero } from "./write-field.js";
import { isPlainText, writeText } from "./write-scalar.js";

/**
 * Returns the text of statements that add the value `v` of a field to the text `t`: what the function that `compileWriteField`
 * returns writes. What has no text of its own is written by that function. `key` is the quoted name, with its colon.
 */
export function printWriteField(field: DescField, key: string, find: FindWriter, refer: Refer): string {
  const failed = refer(fallback);
  const add = (value: string): string => printAdd(key, value);
  if (field.fieldKind === "list") {
    const item = `w=${printElement(field, field.listKind, find, refer)};if(w===${failed})return w;`;
    // The list moves to `a`, so that `v` is an item of it.
    const loop = `for(let i=0;i<a.length;i++){v=a[i];${item}l+=i===0?w:","+w}`;
    return `if(!Array.isArray(v))return ${failed};if(v.length>0){const a=v;let l="[";${loop}${add('l+"]"')}}`;
  }
  if (field.fieldKind === "map" || field.scalar === ScalarType.BYTES) {
    return `w=${refer(compileWriteField(field, find))}(v);if(w===${failed})return w;if(w!==""){${add("w")}}`;
  }
  const write = `w=${printElement(field, field.fieldKind, find, refer)};if(w===${failed})return w;${add("w")}`;
  // The quotes of a usual value are written with the key: engines keep a node for each concatenation.
  const usual = printIsUsual(field, refer);
  const quoted = usual === undefined ? write : `if(${usual})${printAdd(key, "v", '"')}else{${write}}`;
  return field.message === undefined && omitsZero(field) ? `if(${printIsNonZero(field)}){${quoted}}` : quoted;
}

/** Returns a statement that adds a key and its value to the text `t`. */
function printAdd(key: string, value: string, quote = ""): string {
  const end = quote === "" ? "" : `+${literal(quote)}`;
  return `t+=(t===""?${literal(key + quote)}:${literal(`,${key}${quote}`)})+${value}${end};`;
}

/** Returns a condition under which the value `v` only needs quotes; undefined: there is none. */
function printIsUsual({ scalar }: DescField, refer: Refer): string | undefined {
  if (scalar === ScalarType.STRING) return `typeof v==="string"&&${refer(isPlainText)}(v)`;
  return scalar === ScalarType.INT64 || scalar === ScalarType.UINT64 ? 'typeof v==="bigint"' : undefined;
}

/** Returns an expression: the JSON of the value `v`, or `fallback`. */
function printElement(field: DescField, kind: "scalar" | "enum" | "message", find: FindWriter, refer: Refer): string {
  const failed = refer(fallback);
  const { message, scalar } = field;
  if (message !== undefined && !isWrapperDesc(message) && !/Timestamp|Duration/.test(message.typeName))
    return `typeof v==="object"&&v!==null?${refer(find(message))}.write(v):${failed}`;
  const other = `${refer(compileWriteElement(field, kind, find))}(v)`;
  switch (kind === "scalar" ? scalar : undefined) {
    case ScalarType.STRING:
      return `typeof v==="string"?${refer(writeText)}(v):${failed}`;
    case ScalarType.BOOL:
      return `v===true?"true":v===false?"false":${failed}`;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return `Number.isFinite(v)?""+v:${failed}`;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return `typeof v==="bigint"?'"'+v+'"':${other}`;
    default:
      return other;
  }
}

function printIsNonZero({ scalar, enum: type }: DescField): string {
  if (type !== undefined) return `v!==${type.values[0]?.number}`;
  switch (scalar) {
    case ScalarType.STRING:
      return 'v!==""';
    case ScalarType.BOOL:
      return "v!==false";
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return "!Object.is(v,0)";
    default:
      return 'v!==0&&v!==0n&&v!=="0"';
  }
}
