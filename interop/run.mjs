// Runs the interop tests, after installing their tools when necessary: node interop/run.mjs [arguments of vitest, such as a file]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const bin = join(folder, "../node_modules/.bin");

function run(program, ...args) {
  const env = { ...process.env, SCARF_ANALYTICS: "false", DO_NOT_TRACK: "1", REDOCLY_TELEMETRY: "off" };
  const { status } = spawnSync(program, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

install();
run(join(bin, "tsc"), "-p", ".");
run(join(bin, "tsc"), "-p", "graphql");
const services = ["../scripts/services.mjs", "run", "chromium", "--"];
run(process.execPath, ...services, join(bin, "vitest"), "run", ...process.argv.slice(2));
