// A process that transfers money from PostgreSQL to MariaDB by two-phase commit, until it is stopped, or kills itself at a
// point of one transfer. Argument: JSON with `postgres`, `mariadb` (URLs), and `crash` (a point) or nothing.

import { mariadbParticipant } from "@potter/runtime/mariadb";
import { postgresCoordinatorLog, postgresParticipant } from "@potter/runtime/postgres";
import { createCoordinator } from "@potter/runtime/two-phase-commit";
import { createPool } from "mysql2/promise";
import pg from "pg";

const { postgres, mariadb, crash } = JSON.parse(process.argv[2] ?? "{}");
const die = () => process.kill(process.pid, "SIGKILL");
const never = () => new Promise(() => {});

const bankPool = new pg.Pool({ connectionString: postgres, max: 4 });
bankPool.on("error", () => {});
const savingsPool = createPool({ uri: mariadb, connectionLimit: 4 });
const bank = postgresParticipant({ name: "bank", pool: bankPool });
const savings = mariadbParticipant({ name: "savings", pool: savingsPool });
const log = postgresCoordinatorLog({ pool: bankPool });

/** Each point: what of the log or of a participant is replaced, and after which phase the process dies. */
const points = {
  "before the first prepare": { after: ["begin"] },
  "after prepare 1 of 2, PostgreSQL": { savings: { prepare: never }, after: ["prepare", "bank"] },
  "after prepare 1 of 2, MariaDB": { bank: { prepare: never }, after: ["prepare", "savings"] },
  "before the decision": { log: { decide: die } },
  "after the decision": { after: ["decide"] },
  "after commit 1 of 2, PostgreSQL": { savings: { commit: never }, after: ["commit", "bank"] },
  "after commit 1 of 2, MariaDB": { bank: { commit: never }, after: ["commit", "savings"] },
  "before the end": { log: { end: die } },
};
const point = crash === undefined ? {} : points[crash];
const replace = (target, methods = {}) => Object.assign(Object.create(target), methods);
const participants = { bank: replace(bank, point.bank), savings: replace(savings, point.savings) };

const coordinator = createCoordinator({
  log: { ...log, ...point.log },
  participants: Object.values(participants),
  timeout: crash === undefined ? 3_000 : 60_000,
  lease: crash === undefined ? 3_000 : 60_000,
  recoveryInterval: 200,
  observe({ phase, participant, outcome }) {
    const [last, of] = point.after ?? [];
    if (phase === last && (of === undefined || of === participant) && outcome === "ok") die();
  },
});
await coordinator.start();

let isStopping = false;
process.on("SIGTERM", () => {
  isStopping = true;
});

async function transfer() {
  const id = crypto.randomUUID();
  const amount = 1 + Math.floor(Math.random() * 9);
  await coordinator.run(async (transaction) => {
    const [source, target] = await Promise.all([
      transaction.join(participants.bank),
      transaction.join(participants.savings),
    ]);
    await source.query("INSERT INTO transfers VALUES ($1, $2)", [id, amount]);
    await source.query("UPDATE balance SET amount = amount - $1", [amount]);
    await target.query("INSERT INTO transfers VALUES (?, ?)", [id, amount]);
    await target.query("UPDATE balance SET amount = amount + ?", [amount]);
  });
}

do {
  // A server that restarts, or locks that wait for recovery: the transfer is rolled back, or finished by recovery.
  await transfer().catch((error) => {
    if (crash !== undefined) throw error;
  });
} while (!isStopping && crash === undefined);
await coordinator.stop();
await Promise.all([bankPool.end(), savingsPool.end()]);
