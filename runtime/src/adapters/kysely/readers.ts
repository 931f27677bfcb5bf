import type { SqlReaders } from "../../sql/index.js";
import { readArray } from "./array-text.js";
import { readBytes } from "./bytes-text.js";

type Read = (text: string) => unknown;

const asText: Read = (text) => text;

/** Values that a Date cannot hold (infinity, years before Christ) stay text. */
function readTime(text: string): Date | string {
  // "2026-11-26 03:50:30.123456+00", or without an offset, and then in UTC. Seconds of an offset are of before 1912.
  const iso = text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
  const time = new Date(/[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(time.getTime()) ? text : time;
}

/** Each type: its OID, the OID of its array type, and its parser. */
const types: readonly (readonly [type: number, array: number, read: Read])[] = [
  [16, 1000, (text) => text === "t"], // boolean
  [17, 1001, readBytes], // bytea
  [20, 1016, BigInt], // bigint
  [21, 1005, Number], // smallint
  [23, 1007, Number], // integer
  [26, 1028, Number], // oid
  [700, 1021, Number], // real
  [701, 1022, Number], // double precision
  [114, 199, (text) => JSON.parse(text)], // json
  [3802, 3807, (text) => JSON.parse(text)], // jsonb
  [1114, 1115, readTime], // timestamp
  [1184, 1185, readTime], // timestamptz
  // Exact only as text: numbers of any length, dates without a time zone.
  [1700, 1231, asText], // numeric
  [1082, 1182, asText], // date
  [1083, 1183, asText], // time
  [1186, 1187, asText], // interval
  [25, 1009, asText], // text
  [1043, 1015, asText], // varchar
  [1042, 1014, asText], // char(n)
  [2950, 2951, asText], // uuid
];

/** Parsers of values, the same for every driver. */
export const readers: SqlReaders = new Map(
  types.flatMap(([type, array, read]): [number, Read][] => [
    [type, read],
    [array, (text) => readArray(text, read)],
  ]),
);
