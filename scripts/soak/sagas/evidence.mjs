// What the database shows in the end, in the form in which the invariants of the simulation are checked.
import { SagaTable } from "../../../runtime/dist/saga/row/index.js";
import { findViolations } from "../../simulate/invariants.mjs";
import { codec, declareSagas } from "../../simulate/sagas.mjs";
import { checkTransition, commandName, endedCommands, toSaga } from "../../simulate/transitions.mjs";
import { Violations } from "../../simulate/violations.mjs";
import { times } from "./parts.mjs";
import { bankOf } from "./tables.mjs";

const pageSize = 1_000;
/** Steps that command an aggregate in the store. */
const local = ["debit"];
const milliseconds = (column) => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** Returns the violations of all invariants. `started`: the ids of acknowledged transfers; `total`: the money that there was. */
export async function collectVerdict(client, schema, { started, total }) {
  const { rows, violations, transitions } = await readTransitions(client, schema);
  const { effects, balances, faults } = await readEffects(client, schema);
  const ofBank = new Violations();
  for (const { text } of faults) ofBank.add("once", text);
  for (const id of repeated(effects.map(({ commandId }) => commandId))) {
    ofBank.add("once", `a command had its effect more than once: ${id}`);
  }
  const bank = { effects, balances, violations: ofBank, total: sum(balances.values()) };
  const observer = { rows, violations };
  const found = findViolations({ bank, observer, started, total, hold: times.hold, local });
  for (const text of await compareProjection(client, schema)) found.add("projections", text);
  for (const text of await describeOpen(client, schema, rows)) found.add("ends", text);
  return { violations: found, rows, effects: effects.length, transitions };
}

/** What is known of each saga that has not ended, and of who should continue it. */
async function describeOpen(client, schema, rows) {
  const open = [...rows].filter(([, { status }]) => status === "running" || status === "compensating");
  if (open.length === 0) return [];
  const tables = ["dead_letters", "projections", "projection_shards", "projection_workers"].map(
    (name) => `${schema}.${name}`,
  );
  const plain = (_, value) =>
    typeof value === "bigint" ? Number(value) : value instanceof Map ? [...value.keys()] : value;
  const texts = open.map(([id, { row, ...saga }]) => `${id}, due ${row.due}: ${JSON.stringify(saga, plain)}`);
  for (const [id] of open) {
    const { rows: found } = await client.query(
      `SELECT view, key, fields FROM ${schema}.rows WHERE key LIKE '%' || $1 || '%'`,
      [id.split(" ").at(-1)],
    );
    texts.push(...found.map((row) => `row ${JSON.stringify(row)}`));
  }
  for (const table of tables) {
    const { rows: exists } = await client.query("SELECT to_regclass($1) AS name", [table]);
    if (exists[0].name === null) continue;
    const { rows: found } = await client.query(`SELECT to_jsonb(t) AS row FROM ${table} t LIMIT 100`);
    texts.push(...found.map(({ row }) => `${table} ${JSON.stringify(row)}`));
  }
  const { rows: now } = await client.query(`SELECT max(pos)::text AS head, now() AS now FROM ${schema}.events`);
  return [...texts, `the head of the log is ${now[0].head} at ${now[0].now.toISOString()}`];
}

/** Follows each saga through its transitions. */
async function readTransitions(client, schema) {
  const codecs = new Map(
    declareSagas(times).map(({ saga }) => {
      const { table } = new SagaTable(saga);
      return [table.name, table.codec];
    }),
  );
  const rows = new Map();
  const violations = new Violations();
  let transitions = 0;
  let last = { key: "", view: "", seq: "0" };
  let owners = new Map();
  let was;
  let current;
  for (;;) {
    const { rows: page } = await client.query(
      `SELECT seq, ${milliseconds("at")} AS at, process, view, key, data FROM ${bankOf(schema)}.transitions
       WHERE (key, view, seq) > ($1, $2, $3) ORDER BY key, view, seq LIMIT ${pageSize}`,
      [last.key, last.view, last.seq],
    );
    if (page.length === 0) return { rows, violations, transitions };
    for (const { at, process, view, key, data } of page) {
      const id = `${view.replace("potter.sagas.", "")} ${key}`;
      if (id !== current) [current, was, owners] = [id, undefined, new Map()];
      const is = toSaga(codecs.get(view).decode(data));
      checkTransition(was, is, at, violations);
      checkOwners(id, { was, is, process }, owners, violations);
      rows.set(id, is);
      was = is;
      transitions++;
    }
    last = page.at(-1);
  }
}

/** Who stores the response of a command must be who has begun it under its epoch. */
function checkOwners(id, { was, is, process }, owners, violations) {
  for (const { name, step, next, epoch } of endedCommands(id, was, is)) {
    // The commands of child sagas have none.
    if (epoch === undefined) continue;
    // A local command that is taken over is carried out in the transaction that raises the epoch.
    const isTakenOver = local.includes(step) && is.epoch > was.epoch;
    if ((next === "done" || next === "undone") && owners.get(name) !== process && !isTakenOver) {
      violations.add("epochs", `${process} has stored an outcome of ${owners.get(name)}`);
    }
  }
  for (const [step, { commands }] of Object.entries(is.steps)) {
    commands.forEach(({ epoch }, element) => {
      if (epoch === undefined || was?.steps[step]?.commands[element]?.epoch === epoch) return;
      owners.set(commandName(id, step, element, epoch), process);
    });
  }
}

/** The effects of both banks in their order, and the balances: those of the log are folded. */
async function readEffects(client, schema) {
  const bank = bankOf(schema);
  const { rows: remote } = await client.query(
    `SELECT seq, ${milliseconds("at")} AS at, command_id AS "commandId", key, saga, step, element, phase, method, amount
     FROM ${bank}.effects`,
  );
  const { rows: events } = await client.query(
    `SELECT a.seq, ${milliseconds("a.at")} AS at, e.causation AS "commandId", e.stream_id AS account, e.type, e.data
     FROM ${schema}.events e LEFT JOIN ${bank}.appended a USING (pos) WHERE e.stream_type = 'sim.Account'`,
  );
  const { rows: accounts } = await client.query(`SELECT id, balance FROM ${bank}.accounts`);
  const { rows: faults } = await client.query(`SELECT text FROM ${bank}.faults`);
  const balances = new Map(accounts.map(({ id, balance }) => [`remote ${id}`, balance]));
  const effects = [...remote];
  for (const { data, account, type, ...own } of events) {
    const event = codec.decode(data);
    const name = `local ${account}`;
    balances.set(name, (balances.get(name) ?? 0) + (event.moved ?? event.amount));
    if (type !== "sim.Moved") continue;
    const { saga, step, element } = event;
    effects.push({ ...own, ...event, key: JSON.stringify([saga, step, element]) });
  }
  effects.sort((a, b) => Number(a.seq) - Number(b.seq));
  return { effects, balances, faults };
}

/** Compares the rows of the projection with the fold of the log. Returns the differences. */
export async function compareProjection(client, schema) {
  const folded = new Map();
  const { rows: events } = await client.query(
    `SELECT stream_id AS account, data FROM ${schema}.events WHERE stream_type = 'sim.Account' ORDER BY pos`,
  );
  for (const { account, data } of events) {
    const event = codec.decode(data);
    const { balance = 0, version = 0 } = folded.get(account) ?? {};
    folded.set(account, { balance: balance + (event.moved ?? event.amount), version: version + 1 });
  }
  const { rows } = await client.query(`SELECT key, data FROM ${schema}.rows WHERE view = $1`, [codec.typeName]);
  const projected = new Map(rows.map(({ key, data }) => [key, codec.decode(data)]));
  const found = [];
  for (const [account, { balance, version }] of folded) {
    const row = projected.get(account);
    const isSame = row !== undefined && row.balance === balance && row.version === version && !row.isBroken;
    if (!isSame) found.push(`the row of ${account} is ${JSON.stringify(row)} instead of ${balance} at ${version}`);
  }
  if (projected.size > folded.size) found.push("there are rows of accounts without events");
  return found;
}

function repeated(all) {
  const seen = new Set();
  return all.filter((one) => seen.size === seen.add(one).size);
}

function sum(values) {
  return [...values].reduce((total, one) => total + one, 0);
}
