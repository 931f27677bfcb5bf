// Runs the interop tests, after installing their tools when necessary: node interop/run.mjs [--full] [vitest arguments]
// `--full` checks every version of every corpus; CI runs a part of them.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage } from "../scripts/install-package.mjs";
import { compileProgram } from "./compile-program.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const bin = join(folder, "../node_modules/.bin");

const full = process.argv.includes("--full");
const args = process.argv.slice(2).filter((argument) => argument !== "--full");

function run(program, ...parameters) {
  runIn(".", program, ...parameters);
}

function runIn(path, program, ...parameters) {
  const forms = full ? { POTTER_FULL: "true" } : {};
  const env = { ...process.env, ...forms, SCARF_ANALYTICS: "false", DO_NOT_TRACK: "1", REDOCLY_TELEMETRY: "off" };
  const { status } = spawnSync(program, parameters, {
    cwd: join(folder, path),
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

installPackage("interop");
run(join(bin, "tsc"), "-p", ".");
run(join(bin, "tsc"), "-p", "graphql");
run(join(bin, "tsc"), "-p", "platforms");
run(join(bin, "tsc"), "-p", "client");
runIn("..", join(bin, "buf"), "generate", "--template", "interop/equivalence/buf.gen.yaml");
run(join(bin, "tsc"), "-p", "equivalence");
for (const program of ["connect", "grpc"]) compileProgram(join(folder, program));
const services = ["../scripts/services.mjs", "run", "chromium", "--"];
run(process.execPath, ...services, join(bin, "vitest"), "run", ...args);
