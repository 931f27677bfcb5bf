import { PGlite } from "@electric-sql/pglite";
import { pglite } from "../../potter/dist/ledger.mjs";
import { deposit } from "../deposits.mjs";
import { openStore } from "./potter.mjs";

// In memory, in this process, one statement at a time: no server, no disk. To be set against one another, not the floor.
const leaves = ["new-64", "next-16", "load-100-16"];
export const contenders = [
  { name: "PGlite: INSERT", server: false, leaves, open: openFloor },
  { name: "PGlite: Potter", server: false, leaves, open: openPotter },
];

async function openFloor() {
  const database = await PGlite.create();
  await database.exec(`CREATE TABLE events (
    pos bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (stream, version)
  )`);
  const one = "INSERT INTO events (stream, version, type, data) VALUES ($1, $2, $3, $4)";
  const many = `INSERT INTO events (stream, version, type, data)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::jsonb[])`;
  return {
    async append(stream, expected, count, from) {
      const numbers = Array.from({ length: count }, (_, i) => i);
      const events = numbers.map((i) => deposit(stream, from + i));
      const { affectedRows } = await (count === 1
        ? database.query(one, [stream, expected + 1, type, events[0]])
        : database.query(many, [
            numbers.map(() => stream),
            numbers.map((i) => expected + i + 1),
            numbers.map(() => type),
            events,
          ]));
      return expected + affectedRows;
    },
    async load(stream) {
      const { rows } = await database.query("SELECT type, data FROM events WHERE stream = $1 ORDER BY version", [
        stream,
      ]);
      let total = 0;
      for (const row of rows) if (row.type === type) total += row.data.amount;
      return { count: rows.length, total };
    },
    empty: () => database.exec("TRUNCATE events RESTART IDENTITY"),
    count: async () => Number((await database.query("SELECT count(*) FROM events")).rows[0].count),
    close: () => database.close(),
  };
}

async function openPotter() {
  const database = await PGlite.create();
  const store = pglite({ database });
  return {
    ...(await openStore(store)),
    empty: () => database.exec("TRUNCATE potter.streams, potter.events, potter.commands"),
    count: async () => Number((await database.query("SELECT count(*) FROM potter.events")).rows[0].count),
    async close() {
      await store.stop();
      await database.close();
    },
  };
}

const type = "account.deposited";
