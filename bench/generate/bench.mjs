import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../harness/program.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { copyProtos } from "./protos.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name) => join(root, "node_modules/.bin", name);
const floor = "decode + registry only (floor)";

/** `check`: whether as much came out as must, of `count` proto files. */
const contenders = [
  {
    name: floor,
    plugin: fileURLToPath(new URL("floor-plugin.mjs", import.meta.url)),
    check: (count, out) => Number(readFileSync(join(out, "found.txt"), "utf8")) === count,
  },
  {
    name: "protoc-gen-es",
    plugin: bin("protoc-gen-es"),
    options: ["target=ts"],
    check: (count, _out, written) => written.length === count,
  },
  {
    name: "ts-proto",
    plugin: bin("protoc-gen-ts_proto"),
    check: (count, _out, written) => written.length >= count,
  },
  {
    // Adds to messages, so it writes nothing for a file without a service.
    name: "protoc-gen-potter-cqrs",
    plugin: bin("protoc-gen-potter-cqrs"),
    check: (_count, out, written) => written.length === countWithServices(join(out, "../protos")),
  },
  {
    name: "protoc-gen-potter-openapi, merged YAML",
    plugin: bin("protoc-gen-potter-openapi"),
    check: (_count, out, written) =>
      written.length === 1 && countPaths(readFileSync(join(out, "openapi.yaml"), "utf8")),
  },
  {
    name: "protoc-gen-potter-openapi, JSON for each file",
    plugin: bin("protoc-gen-potter-openapi"),
    options: ["output=file", "format=json"],
    check: (_count, out, written) => written.length === countWithServices(join(out, "../protos")),
  },
];

/** Whether a document has as many paths as protos of this size have at least. */
function countPaths(text) {
  return (text.match(/^ {2}\/.*:$/gm)?.length ?? 0) > 100;
}

export const works = [{ key: "googleapis", title: "buf generate (strategy: all) of 1002 googleapis files" }];

export const versions = [
  "@bufbuild/buf",
  "@bufbuild/protobuf",
  "@bufbuild/protoc-gen-es",
  "ts-proto",
  "google-proto-files",
];

/** ts-proto takes as long as all others together, so the quick form leaves it out. */
export const forms = {
  smoke: { rounds: 1, warmRounds: 0 },
  quick: { minutes: 1.5, rounds: 2, warmRounds: 0, leftOut: ["ts-proto"] },
  full: { minutes: 10, rounds: 3, warmRounds: 1 },
};

export async function run(session) {
  const { rounds, warmRounds, leftOut = [] } = session.settings;
  const folder = mkdtempSync(join(tmpdir(), "potter-bench-"));
  try {
    const count = copyProtos(folder, { smoke: session.form === "smoke" });
    const chosen = contenders.filter(({ name }) => !leftOut.includes(name));
    const measure = (contender) => generate(contender, folder, count);
    await session.eachWork(async ({ title }) => {
      for (let round = 0; round < warmRounds; round++) for (const contender of chosen) await measure(contender);
      const samples = await session.measureRounds({ contenders: chosen, rounds, measure });
      return toRowsOfUnits({ work: title, units: { wall: "ms/file", cpu: "CPU ms/file" }, floor, samples });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function generate({ name, plugin, options = [], check }, folder, count) {
  if (!existsSync(plugin)) throw new Error(`${name} is not there: run npm install and npm run build first`);
  const out = join(folder, "out");
  rmSync(out, { recursive: true, force: true });
  const template = {
    version: "v2",
    plugins: [{ local: [process.execPath, plugin], out: "out", strategy: "all", opt: options }],
  };
  writeFileSync(join(folder, "buf.gen.yaml"), JSON.stringify(template));
  const start = performance.now();
  // Not through npx, whose looking up costs as much as a small plugin.
  const { cpu } = await runProgram(bin("buf"), ["generate"], folder);
  const milliseconds = performance.now() - start;
  const written = listFiles(out);
  if (written.some((path) => statSync(join(out, path)).size === 0)) throw new Error(`${name} wrote an empty file`);
  if (!check(count, out, written)) throw new Error(`${name} wrote ${written.length} files for ${count} protos`);
  return { wall: milliseconds / count, cpu: (cpu * 1_000) / count };
}

function countWithServices(folder) {
  return listFiles(folder).filter((path) => /^service\s+\w/m.test(readFileSync(join(folder, path), "utf8"))).length;
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}
