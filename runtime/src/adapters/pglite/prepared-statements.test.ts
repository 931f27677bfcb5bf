import { afterAll, beforeAll, expect, it } from "vitest";
import { SqlArray, type SqlValue } from "../../sql/index.js";
import { openDatabase, type PgliteDatabase } from "./database.js";
import { PgliteDriver, sharedDatabase } from "./pglite-driver.js";

let database: PgliteDatabase;
let driver: PgliteDriver;
beforeAll(async () => {
  database = await openDatabase(undefined);
  driver = new PgliteDriver(sharedDatabase(database));
  await driver.start();
});
afterAll(async () => {
  await driver.stop();
  await database.close();
});

const statement = { name: "potter_test", text: "SELECT $1::integer + 1 AS n" };
const prepared = async () =>
  (await database.query<{ name: string }>("SELECT name FROM pg_prepared_statements")).rows.map(({ name }) => name);

const hostile = [
  "",
  "'",
  "\\",
  "\\'",
  "''; DROP TABLE x; --",
  '"',
  "{},NULL",
  "null",
  "$1",
  "E'\\x'",
  "äöü\u{1f600}\n\t",
];

it.each([
  ["text", hostile],
  ["integer", [0, -1, 2147483647, null]],
  ["bigint", [Number.MAX_SAFE_INTEGER]],
  ["boolean", [true, false, null]],
  ["bytea", [new Uint8Array(), Uint8Array.of(0, 39, 92, 255), null]],
  ["jsonb", ['{"a":"it\'s \\\\ \\"quoted\\""}']],
  ["text[]", [new SqlArray("text", [...hostile, null]), new SqlArray("text", []), hostile]],
  ["bytea[]", [new SqlArray("bytea", [Uint8Array.of(0, 39, 92, 255), null, new Uint8Array()])]],
  ["bigint[]", [new SqlArray("int8", [1, -2, null])]],
  ["boolean[]", [new SqlArray("boolean", [true, false, null])]],
] as const)("binds values of type %s as PGlite does", async (type, values: readonly SqlValue[]) => {
  const text = `SELECT $1::${type} AS value`;
  for (const value of values) {
    const named = await driver.query({ name: `potter_${type.replace("[]", "s")}`, text }, [value]);
    expect(named).toEqual(await driver.query({ text }, [value]));
  }
});

it("binds values whatever standard_conforming_strings says", async () => {
  const echo = { name: "potter_echo", text: "SELECT $1::text AS value" };
  await database.exec("SET standard_conforming_strings = off");
  try {
    for (const value of hostile) expect(await driver.query(echo, [value])).toEqual([{ value }]);
  } finally {
    await database.exec("RESET standard_conforming_strings");
  }
});

it("refuses U+0000 as the database does", async () => {
  for (const name of ["potter_nul", undefined]) {
    const refused = driver.query({ ...(name && { name }), text: "SELECT $1::text" }, ["a\0b"]);
    await expect(refused).rejects.toMatchObject({ code: "internal", cause: { code: "22021" } });
  }
});

it("prepares a statement once, also for callers at the same time and in transactions", async () => {
  const all = [1, 2, 3].map((n) => driver.query(statement, [n]));
  all.push(driver.transaction((session) => session.query(statement, [4])));
  expect((await Promise.all(all)).flat()).toEqual([2, 3, 4, 5].map((n) => ({ n })));
  expect((await prepared()).filter((name) => name.startsWith("potter_test_"))).toHaveLength(1);
});

it("prepares again when the user of the database has deallocated all statements", async () => {
  await driver.query(statement, [1]);
  await database.exec("DEALLOCATE ALL");
  expect(await Promise.all([driver.query(statement, [1]), driver.query(statement, [2])])).toEqual([
    [{ n: 2 }],
    [{ n: 3 }],
  ]);
  await database.exec("DISCARD ALL");
  let runs = 0;
  const rows = driver.transaction((session) => {
    runs++;
    return session.query(statement, [1]);
  });
  expect([await rows, runs]).toEqual([[{ n: 2 }], 2]);
});

it("leaves no statements in a shared database when it stops", async () => {
  const other = new PgliteDriver(sharedDatabase(database));
  await other.start();
  const before = await prepared();
  await other.query({ name: "potter_other", text: "SELECT 1 AS n" }, []);
  expect((await prepared()).length).toBe(before.length + 1);
  await other.stop();
  expect(await prepared()).toEqual(before);
});
