import type { CustomTypesConfig } from "pg";
import type { SqlReaders } from "../../sql/index.js";

function toBytes(text: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const readers: SqlReaders = new Map<number, (text: string) => unknown>([
  [16, (text) => text === "t"],
  [17, toBytes],
  [20, Number],
  [21, Number],
  [23, Number],
  [1016, (text) => (text === "{}" ? [] : text.slice(1, -1).split(",").map(Number))],
  [1700, Number],
  [3802, (text) => JSON.parse(text)],
]);

/**
 * How values of the types that the stores use are read, by OID. Of our own, since an application may change
 * pg's for the whole process.
 */
export const types: CustomTypesConfig = readBy(readers);

export function readBy(readers: SqlReaders): CustomTypesConfig {
  return { getTypeParser: ((oid: number) => readers.get(oid) ?? String) as CustomTypesConfig["getTypeParser"] };
}
