// Runs the conformance tests that others wrote: npm run conformance -- protojson, connect or grpc; further arguments are theirs.
// The runtime is compiled first if it has not been, and the packages of interop/ are installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installPackage } from "../scripts/install-package.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const suites = { protojson: "protobuf/run.mjs", connect: "connect/run.mjs", grpc: "grpc/run.mjs" };

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(suites, name ?? "")) {
  process.stderr.write(`usage: npm run conformance -- ${Object.keys(suites).join("|")} [options]\n`);
  process.exit(2);
}
installPackage("interop");
if (!existsSync(`${root}runtime/dist/message/index.js`)) run("npm", ["run", "compile"]);
run(process.execPath, [fileURLToPath(new URL(suites[name], import.meta.url)), ...args]);

function run(program, words) {
  const { status } = spawnSync(program, words, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}
