import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter, runtimeFromSource } from "../potter/build.mjs";

const folder = fileURLToPath(new URL("./", import.meta.url));
const floor = "node:http, hand-written (floor)";
const contenders = [
  { file: "node.mjs", name: floor },
  { file: "fastify.mjs", name: "fastify 5 (schemas)" },
  { file: "potter.ts", name: "Potter, no rules" },
  { file: "potter-rules.ts", name: "Potter, with rules", path: "/v1/checked-greetings" },
];
const units = { start: "ms", cpu: "CPU ms", size: "kB zipped" };

export const works = [
  { key: "start", title: "From the start of the process to the first answer, bundled in one file" },
];

export const versions = ["fastify", "@bufbuild/protobuf", "@bufbuild/protovalidate", "esbuild"];

export const forms = {
  smoke: { rounds: 1 },
  quick: { minutes: 1, rounds: 11 },
  full: { minutes: 4, rounds: 41 },
};

export async function run(session) {
  await buildPotter();
  const sizes = await bundle();
  await session.eachWork(async ({ title }) => {
    const samples = await session.measureRounds({
      contenders,
      rounds: session.settings.rounds,
      independent: true,
      measure: async (contender) => ({ ...(await measure(contender)), size: sizes.get(contender.file) }),
    });
    return toRowsOfUnits({ work: title, units, floor, samples });
  });
}

const bundleOf = (file) => join(folder, "dist", file.replace(/\.\w+$/, ".mjs"));

/** One minified file each, without code splitting. Returns the zipped sizes in kB. */
async function bundle() {
  const { build } = await import("esbuild");
  const sizes = new Map();
  for (const { file } of contenders) {
    await build({
      entryPoints: [join(folder, "servers", file)],
      outfile: bundleOf(file),
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "error",
      // fastify is CommonJS, which calls `require` of Node's modules.
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      plugins: [runtimeFromSource],
    });
    sizes.set(file, gzipSync(readFileSync(bundleOf(file))).byteLength / 1_000);
  }
  return sizes;
}

/** Milliseconds from the start of a process to its first answer, and the CPU time that it took until then. */
async function measure({ file, path = "/v1/greetings" }) {
  const begin = performance.now();
  const child = spawn(process.execPath, [bundleOf(file)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    await greet(file, { port: await nextMessage(child), path });
    const start = performance.now() - begin;
    child.send("cpu");
    return { start, cpu: await nextMessage(child) };
  } finally {
    child.kill();
    await ended;
  }
}

async function greet(file, target) {
  const body = JSON.stringify({ name: "Ada" });
  const { status, text } = await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const options = { ...target, host: "127.0.0.1", method: "POST", headers, agent: false };
    const call = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode, text }));
    });
    call.once("error", reject);
    call.end(body);
  });
  if (status !== 200 || JSON.parse(text).text !== "Hello Ada") throw new Error(`${file} answered ${status}: ${text}`);
}

function nextMessage(child) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`A contender ended by itself (exit code ${code})`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}
