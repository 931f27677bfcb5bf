import { base64Encode } from "@bufbuild/protobuf/wire";
import { mergeParts, type Schema } from "../keywords/index.js";
import { type Notes, noteRules, type RuleValues } from "../read-rules/index.js";

const char = "[A-Za-z0-9+/]";

/** Bytes, which ProtoJSON encodes as padded base64. */
export function bytesSchema(values: RuleValues, notes: Notes): Schema {
  const lists = values as { const?: Uint8Array; in?: readonly Uint8Array[]; notIn?: readonly Uint8Array[] };
  const parts: Schema[] = [
    ...(lists.const === undefined ? [] : [{ const: base64Encode(lists.const) }]),
    ...(lists.in === undefined ? [] : [{ enum: lists.in.map((bytes) => base64Encode(bytes)) }]),
    ...(lists.notIn === undefined ? [] : [{ not: { enum: lists.notIn.map((bytes) => base64Encode(bytes)) } }]),
  ];
  noteRules(notes, values, "pattern", "prefix", "suffix", "contains");
  return mergeParts({ type: "string", contentEncoding: "base64", pattern: `^${lengthPattern(values)}$` }, parts);
}

function lengthPattern(values: RuleValues): string {
  const { len, minLen, maxLen } = values as Readonly<Record<string, bigint | undefined>>;
  const lengths = [
    ...(values["ip"] === true ? [[4, 4] as const, [16, 16] as const] : []),
    ...(values["ipv4"] === true ? [[4, 4] as const] : []),
    ...(values["ipv6"] === true || values["uuid"] === true ? [[16, 16] as const] : []),
  ];
  if (lengths.length > 0) return either(lengths.flatMap(([min, max]) => tails(min, max)));
  const [min, max] =
    len === undefined
      ? [Number(minLen ?? 0n), maxLen === undefined ? undefined : Number(maxLen)]
      : [Number(len), Number(len)];
  if (min === 0 && max === undefined) return `(${char}{4})*(${char}{2}==|${char}{3}=)?`;
  return either(tails(min, max));
}

/** The base64 forms of `min` to `max` bytes: groups of three bytes, then zero to two bytes. */
function tails(min: number, max: number | undefined): string[] {
  return ["", `${char}{2}==`, `${char}{3}=`].flatMap((tail, more) => {
    const least = Math.max(0, Math.ceil((min - more) / 3));
    const most = max === undefined ? "" : Math.floor((max - more) / 3);
    if (most !== "" && most < least) return [];
    return [most === 0 ? tail : `(${char}{4}){${least},${most}}${tail}`];
  });
}

function either(parts: readonly string[]): string {
  if (parts.length === 0) return "(?!)";
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join("|")})`;
}
