import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { toTables } from "./report.mjs";

const bench = new URL("../", import.meta.url);

/** Prints the tables and, except in a smoke run, stores the results in `bench/results/NAME.json`. */
export function publish({ name, rows, versions, settings, smoke }) {
  console.log(`\n## ${name}${smoke ? " (smoke: checks that it works; the numbers are not meaningful)" : ""}\n`);
  console.log(`${toTables(rows)}\n`);
  if (smoke) return;
  mkdirSync(new URL("results/", bench), { recursive: true });
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const result = { date: `${date} UTC`, machine: readMachine(), versions: readVersions(versions), settings, rows };
  writeFileSync(new URL(`results/${name}.json`, bench), `${JSON.stringify(result, null, 2)}\n`);
}

/** The properties of the machine that affect the results, without its identity. */
function readMachine() {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.arch()}`,
    node: process.versions.node,
  };
}

function readVersions(packages) {
  return Object.fromEntries(packages.map((name) => [name, readVersion(name)]));
}

function readVersion(name) {
  for (const root of [bench, new URL("../", bench)]) {
    try {
      return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), "utf8")).version;
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error(`${name} is not installed, so its version cannot be recorded`);
}
