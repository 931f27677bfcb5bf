// Runs one benchmark or all of them: node bench/run.mjs [NAME...] [--smoke]
import { parseArgs } from "node:util";
import { installPackage } from "../scripts/install-package.mjs";

const names = ["dispatch", "http", "graphql", "graphql-fanout", "generate", "event-store", "hot-stream"];

/** `--only KEYS`: some works of event-store or graphql, for tuning; their results are not saved. */
const options = { smoke: { type: "boolean" }, only: { type: "string" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const chosen = positionals.length > 0 ? positionals : names;
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${names.join(", ")}.`);
  process.exit(2);
}

// Peers are heavy, so they are no part of the workspaces. Two of nest's dependencies ask for Node 22 but run on 20.
installPackage("bench");

for (const name of chosen) {
  const { run } = await import(`./${name}/bench.mjs`);
  await run({ smoke: values.smoke === true, ...(values.only && { only: values.only.split(",") }) });
}
