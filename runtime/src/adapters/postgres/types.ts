import type { CustomTypesConfig } from "pg";
import { PotterError } from "../../errors/index.js";
import type { SqlReaders } from "../../sql/index.js";

type Parse = (text: string) => unknown;

function toBytes(text: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Parses an integer. Throws beyond 2^53 - 1, where a rounded position would deliver an event twice. */
function toInteger(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new PotterError(
    "out_of_range",
    "the database holds a number beyond 2^53 - 1 where the store needs a smaller one",
  );
}

/** Parses an array of numbers, or of bytes in quoted hex, with NULLs. */
const toArray =
  (parse: Parse): Parse =>
  (text) =>
    text === "{}"
      ? []
      : text
          .slice(1, -1)
          .split(",")
          .map((item) => (item === "NULL" ? null : parse(item)));

const readers: SqlReaders = new Map<number, Parse>([
  [16, (text) => text === "t"],
  [17, toBytes],
  [20, toInteger],
  [21, Number],
  [23, Number],
  [1001, toArray((item) => toBytes(item.slice(2, -1)))],
  [1005, toArray(Number)],
  [1007, toArray(Number)],
  [1016, toArray(toInteger)],
  [1700, Number],
  [3802, (text) => JSON.parse(text)],
]);

/**
 * Parsers of the types that the stores use, by OID. Not pg's defaults, since an application may change these for the
 * whole process.
 */
export const types: CustomTypesConfig = readBy(readers);

export function readBy(readers: SqlReaders): CustomTypesConfig {
  return { getTypeParser: ((oid: number) => readers.get(oid) ?? String) as CustomTypesConfig["getTypeParser"] };
}
