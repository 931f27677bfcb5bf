import { PotterError } from "../../../errors/index.js";
import type { MigrationStatus, StoreMigrations, StoreSize } from "../../../store/ports/index.js";
import type { Command, Invocation } from "../command.js";
import { printCount, printTable } from "../terminal/index.js";

const options = { json: { help: "print JSON" } };

export const dbStatus: Command = {
  name: "db status",
  summary: "Shows the schema version, pending migrations, table sizes and the number of events.",
  options,
  async run(invocation) {
    const { terminal } = invocation;
    const { store } = await invocation.target();
    const status = await needMigrations(store).status();
    const size = status.current > 0 ? await store.size?.() : undefined;
    await terminal.write(
      invocation.options.has("json")
        ? `${JSON.stringify({ ...status, ...size }, undefined, 2)}\n`
        : printStatus(status, size),
    );
  },
};

export const dbMigrate: Command = {
  name: "db migrate",
  summary: "Migrates the tables to the schema version of the installed @potter/runtime.",
  options,
  async run(invocation: Invocation) {
    const { terminal } = invocation;
    const migrations = needMigrations((await invocation.target()).store);
    const { current: from } = await migrations.status();
    const { place, current: to } = await migrations.run();
    if (invocation.options.has("json")) return terminal.write(`${JSON.stringify({ place, from, to })}\n`);
    const done = from === to ? `already has version ${to}` : `migrated from version ${from} to ${to}`;
    await terminal.write(`${place} ${done}\n`);
  },
};

function needMigrations({ name, migrations }: { name: string; migrations?: StoreMigrations }): StoreMigrations {
  if (migrations !== undefined) return migrations;
  throw new PotterError("failed_precondition", `the store (${name}) has no tables: there is nothing to migrate`);
}

function printStatus({ place, current, known, pending }: MigrationStatus, size: StoreSize | undefined): string {
  const state =
    pending.length > 0
      ? `${pending.length} ${pending.length === 1 ? "migration" : "migrations"} pending: run potter db migrate`
      : current > known
        ? `written by a later release; this one supports up to ${known}`
        : "up to date";
  const facts = [
    ["tables", place],
    ["version", `${current}, ${state}`],
  ];
  if (size !== undefined) facts.push(["events", printCount(size.events)], ["head", printCount(size.position)]);
  const lines = facts.map(([name = "", fact = ""]) => `${name.padEnd(9)}${fact}\n`).join("");
  if (size === undefined) return lines;
  const rows = size.tables.map(({ name, bytes, rows }) => [
    name,
    printSize(bytes),
    rows === undefined ? "?" : printCount(rows),
  ]);
  return `${lines}\n${printTable(["TABLE", "SIZE", "ROWS (ESTIMATE)"], rows)}`;
}

function printSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const size = bytes / 1024 ** power;
  return `${size < 10 && power > 0 ? size.toFixed(1) : Math.round(size)} ${units[power]}`;
}
