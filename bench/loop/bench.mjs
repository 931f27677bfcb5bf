import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../harness/program.mjs";
import { median } from "../harness/rounds.mjs";
import { toRows, toRowsOfUnits } from "../harness/rows.mjs";
import { createProject, targets } from "./project.mjs";
import { potterBin, startWatcher } from "./watcher.mjs";

const build = "buf build of the changed file and its imports (floor)";
const watch = "potter watch, a save";
const bufGenerate = "buf generate (floor)";
const potterGenerate = "potter generate";

const sizes = { small: 4, medium: 100, large: 1_000 };

/** A save is measured in a project that is watched, a cold run in one whose output is empty. */
export const works = [
  ...Object.entries(sizes).map(([size, count]) => ({ key: `save-${size}`, count, title: `A save, ${count} protos` })),
  ...Object.entries(sizes).map(([size, count]) => ({ key: `cold-${size}`, count, title: `All, ${count} protos` })),
];

export const versions = ["@bufbuild/buf", "@bufbuild/protobuf", "@bufbuild/protoc-gen-es"];

export const forms = {
  smoke: { works: ["save-small", "cold-small"], saves: 2, warmSaves: 1, rounds: 1 },
  quick: { works: ["save-small", "save-medium", "cold-medium"], minutes: 1.5, saves: 15, warmSaves: 5, rounds: 2 },
  full: { minutes: 6, saves: 40, warmSaves: 10, rounds: 5 },
};

export async function run(session) {
  // buf finds the plugins there, as with npx.
  process.env.PATH = `${fileURLToPath(new URL("../../node_modules/.bin", import.meta.url))}${delimiter}${process.env.PATH}`;
  await session.eachWork(async ({ key, count, title }) => {
    const base = mkdtempSync(join(tmpdir(), "potter-bench-"));
    try {
      if (key.startsWith("save-")) return await measureSaves(session, { base, count, title });
      return await measureCold(session, { base, count, title });
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });
}

/** The binary of buf: the script of its package that starts it takes longer than a small contract. */
const buf = createRequire(import.meta.url).resolve(
  `@bufbuild/buf-${process.platform}-${{ arm64: process.platform === "linux" ? "aarch64" : "arm64" }[process.arch] ?? process.arch}/bin/buf`,
);

async function measureSaves(session, { base, count, title }) {
  const { saves, warmSaves } = session.settings;
  const project = createProject(base, count);
  const save = openEdits(project);
  // Without the code of users: it takes minutes to create files for a thousand.
  const watcher = await startWatcher(base, count > sizes.medium ? ["--no-scaffold"] : []);
  try {
    const phases = [];
    const memory = [];
    const measures = {
      [build]: async () => {
        const start = performance.now();
        const args = ["build", "proto", "-o", join(base, "image.binpb"), "--path", project.edited];
        const { cpu } = await runProgram(buf, args, base);
        const wall = performance.now() - start;
        return { wall, cpu: cpu * 1_000, whole: wall };
      },
      [watch]: async () => {
        const cpu = watcher.cpu();
        const start = performance.now();
        save();
        const begun = await watcher.next("generating");
        const done = await watcher.next("generated");
        await watcher.next("watching");
        checkSave(base, project, done);
        phases.push(sharesOf(done));
        memory.push(watcher.memory());
        return { wall: done.at - begun.at, cpu: watcher.cpu() - cpu, whole: done.at - start };
      },
    };
    const contenders = [{ name: build }, { name: watch }];
    const measure = ({ name }) => measures[name]();
    for (let at = 0; at < warmSaves; at++) await measures[watch]();
    phases.length = 0;
    const samples = await session.measureRounds({ contenders, rounds: saves, measure });
    await compareWithFresh(base);
    const saved = memory.length;
    const units = { wall: "ms", cpu: "CPU ms", whole: "ms with the wait for more events" };
    const tail = new Map([...samples].map(([contender, { wall }]) => [contender, [percentile(wall, 0.95)]]));
    return [
      ...toRowsOfUnits({ work: title, units, floor: build, samples }),
      ...toRows({ work: title, unit: "ms, 95th percentile", floor: build, samples: tail }),
      ...toShareRows(`Where the time of a save goes, ${count} protos`, phases),
      ...toMemoryRows(`Memory of the watcher, ${count} protos`, memory, saved),
    ];
  } finally {
    await watcher.stop();
  }
}

/** Returns a function that saves the file with a field that it had not before. */
function openEdits({ folder, edited }) {
  const path = join(folder, edited);
  const original = readFileSync(path, "utf8");
  let at = 0;
  return () => {
    const field = `  string note_${++at} = 90;\n`;
    writeFileSync(
      path,
      original.replace(/^message PlaceOrderRequest\d* \{\n/m, (line) => line + field),
    );
  };
}

/** A save that leaves out a target, or is not the last one, is no result. */
function checkSave(base, { edited }, { written }) {
  const [, field] = /string (note_\d+) = 90/.exec(readFileSync(join(base, edited), "utf8")) ?? [];
  const stem = edited.replace("proto/", "gen/").replace(/\.proto$/, "");
  for (const path of [`${stem}_pb.ts`, "gen/openapi.yaml", "gen/schema.graphql"]) {
    if (!written.includes(path)) throw new Error(`potter watch has not written ${path}, but ${written}`);
    // Documents have the name of ProtoJSON: `note1`.
    const name = path.endsWith("_pb.ts") ? field : field.replace("_", "");
    if (!readFileSync(join(base, path), "utf8").includes(name)) throw new Error(`${path} has no ${name}`);
  }
}

/** After many saves the files must be those of a run that starts with nothing. */
async function compareWithFresh(base) {
  const watched = digestTree(join(base, "gen"));
  rmSync(join(base, "gen"), { recursive: true });
  await runProgram(process.execPath, [potterBin, "generate", "--no-scaffold"], base);
  if (digestTree(join(base, "gen")) !== watched) throw new Error("the saves have left other files than a fresh run");
}

/** The steps of a run as the watcher reports them, by what they are for. */
const stepNames = {
  "compiling the contract": "compile",
  "reading the contract": "read",
  "checking the contract": "model and rules",
  "running protoc-gen-es": "messages",
  ...Object.fromEntries(targets.map((name) => [`running protoc-gen-potter-${name}`, name])),
  writing: "write",
  scaffolding: "scaffold",
};

/** Targets whose documents describe the whole contract by default, and the rest of a save. */
const documents = ["openapi", "graphql", "asyncapi"];
const code = "all without documents of the whole contract";

function sharesOf({ phases, milliseconds }) {
  const shares = new Map(Object.values(stepNames).map((name) => [name, 0]));
  for (const phase of phases) {
    const name = stepNames[phase.step];
    if (name === undefined) throw new Error(`potter watch reports the step "${phase.step}", which is unknown here`);
    shares.set(name, shares.get(name) + phase.milliseconds);
  }
  const known = [...shares.values()].reduce((sum, value) => sum + value, 0);
  const withoutDocuments = documents.reduce((left, name) => left - shares.get(name), milliseconds);
  return {
    ...Object.fromEntries(shares),
    other: Math.max(0, milliseconds - known),
    all: milliseconds,
    [code]: withoutDocuments,
  };
}

function toShareRows(work, phases) {
  const floor = "all (floor)";
  const names = [floor, ...Object.values(stepNames), "other", code];
  const samples = new Map(
    names.map((name) => [{ name }, phases.map((phase) => (name === floor ? phase.all : phase[name]))]),
  );
  return toRows({ work, unit: "ms", floor, samples });
}

function toMemoryRows(work, memory, saves) {
  const floor = "after the first save (floor)";
  const samples = new Map([
    [{ name: floor }, memory.slice(0, 1)],
    [{ name: `largest in ${saves} saves` }, [Math.max(...memory)]],
    [{ name: `after ${saves} saves` }, memory.slice(-1)],
  ]);
  return toRows({ work, unit: "MB resident", floor, samples });
}

async function measureCold(session, { base, count, title }) {
  const folders = { [bufGenerate]: join(base, "buf"), [potterGenerate]: join(base, "potter") };
  for (const folder of Object.values(folders)) {
    mkdirSync(folder);
    createProject(folder, count);
  }
  const commands = {
    [bufGenerate]: [buf, ["generate"]],
    [potterGenerate]: [process.execPath, [potterBin, "generate", "--no-scaffold"]],
  };
  const measure = async ({ name }) => {
    rmSync(join(folders[name], "gen"), { recursive: true, force: true });
    const start = performance.now();
    const { cpu } = await runProgram(...commands[name], folders[name]);
    return { wall: performance.now() - start, cpu: cpu * 1_000 };
  };
  const contenders = Object.keys(commands).map((name) => ({ name }));
  const samples = await session.measureRounds({ contenders, rounds: session.settings.rounds, measure });
  const [expected, found] = Object.values(folders).map((folder) => digestTree(join(folder, "gen")));
  if (expected !== found) throw new Error("potter generate has written other bytes than buf generate");
  return toRowsOfUnits({ work: title, units: { cpu: "CPU ms", wall: "ms" }, floor: bufGenerate, samples });
}

/** A digest of all files of a folder, with their paths, but the manifest of Potter. */
function digestTree(folder) {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length)).sort();
  for (const path of paths.filter((one) => !one.endsWith("/.potter-manifest.json")))
    hash.update(`${path}\n`).update(readFileSync(folder + path));
  return hash.digest("hex");
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? median(values);
}
