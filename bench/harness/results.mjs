import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { toTables } from "./tables.mjs";

const bench = new URL("../", import.meta.url);
const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Collects the rows of one run. The full form stores them in `bench/results/NAME.json`, the quick form in
 * `bench/results/quick/NAME.json`, after each work; a smoke run and a run of some works store nothing.
 */
export function openResults({ name, form, part, versions, settings }) {
  const date = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const about = {
    date,
    commit: readCommit(),
    form,
    machine: readMachine(),
    versions: readVersions(versions),
    settings,
  };
  const rows = [];
  const isStored = form !== "smoke" && !part;
  const start = performance.now();
  const store = (complete) => {
    about.seconds = Math.round((performance.now() - start) / 1_000);
    if (isStored) writeResult(fileOf(name, form), { ...about, ...(!complete && { complete }), rows });
  };
  return {
    addToMachine(more) {
      Object.assign(about.machine, more);
    },
    add(more) {
      rows.push(...more);
      store(false);
    },
    finish() {
      store(true);
      const remark = form === "smoke" ? " (smoke: checks that it works; the numbers are not meaningful)" : "";
      console.log(`\n## ${name}${remark}\n\n${describe(about)}\n\n${toTables(rows)}\n`);
      return rows;
    },
  };
}

/** The last recorded results of the full form, undefined if there are none. */
export function readResults(name) {
  try {
    return JSON.parse(readFileSync(fileOf(name, "full"), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** When, from which commit and on which machine, in one line. */
export function describe({ date, commit, form = "full", complete = true, machine, seconds }) {
  const { node, cpu, cores, postgres } = machine;
  return [
    date,
    ...(commit ? [`commit ${commit}`] : []),
    ...(form === "full" ? [] : [`${form} form`]),
    ...(seconds === undefined ? [] : [`measured in ${seconds} s`]),
    ...(complete ? [] : ["ended before all works were measured"]),
    `Node ${node}`,
    cpu,
    `${cores} cores`,
    ...(postgres ? [`PostgreSQL ${postgres}`] : []),
  ].join(", ");
}

function fileOf(name, form) {
  return new URL(form === "full" ? `results/${name}.json` : `results/quick/${name}.json`, bench);
}

/** One row in a line, so that a diff shows which rows changed. */
function writeResult(file, { rows, ...about }) {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  const head = JSON.stringify(about, null, 2).replace(/\n\}$/, "");
  mkdirSync(new URL(".", file), { recursive: true });
  writeFileSync(file, `${head},\n  "rows": [\n${lines}\n  ]\n}\n`);
}

/** Of the measured sources; "+" when they have changes that are not committed. Undefined outside of a repository. */
function readCommit() {
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const head = git("rev-parse", "--short=7", "HEAD");
  if (head.status !== 0) return undefined;
  const changes = git("status", "--porcelain", "--", ".", ":!bench/results", ":!bench/RESULTS.md").stdout.trim();
  return head.stdout.trim() + (changes === "" ? "" : "+");
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
