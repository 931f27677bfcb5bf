// Runs one benchmark or all of them: node bench/run.mjs [NAME...] [--smoke]
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const names = ["dispatch", "http", "graphql", "graphql-fanout", "generate", "event-store", "hot-stream"];
const folder = fileURLToPath(new URL(".", import.meta.url));

/** `--only KEYS`: some works of event-store or graphql, to tune by; nothing is kept. */
const options = { smoke: { type: "boolean" }, only: { type: "string" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : names;
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${names.join(", ")}.`);
  process.exit(2);
}

if (!isInstalled()) {
  // Peers are heavy, so they are no part of the workspaces and come when they are first needed. Two of nest's
  // dependencies ask for Node 22 but run on 20.
  console.error("Installing what Potter is compared with …");
  const install = spawnSync("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--loglevel=error"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (install.status !== 0) process.exit(install.status ?? 1);
}

for (const name of chosen) {
  const { run } = await import(`./${name}/bench.mjs`);
  await run({ smoke: values.smoke === true, ...(values.only && { only: values.only.split(",") }) });
}

/** Whether what is there came after the lock was last changed. */
function isInstalled() {
  const changed = (path) => statSync(`${folder}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return changed("node_modules/.package-lock.json") >= changed("package-lock.json");
}
