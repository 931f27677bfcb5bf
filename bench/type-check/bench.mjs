import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyProtos } from "../generate/protos.mjs";
import { runProgram } from "../harness/program.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name) => join(root, "node_modules/.bin", name);
const floor = "messages of protoc-gen-es (floor)";
const contenders = [
  { name: floor, include: "gen/**/*_pb.ts" },
  { name: "Potter: messages and services", include: "gen/**/*.ts" },
];
const units = {
  cpu: "CPU s",
  symbols: "thousand symbols",
  types: "thousand types",
  instantiations: "thousand instantiations",
};

export const works = [{ key: "googleapis", title: "tsc --noEmit of 1002 googleapis files, 347 of them with services" }];

export const versions = ["typescript", "@bufbuild/protobuf", "@bufbuild/protoc-gen-es", "google-proto-files"];

export const forms = {
  smoke: { rounds: 1 },
  quick: { minutes: 1, rounds: 5 },
  full: { minutes: 4, rounds: 15 },
};

export async function run(session) {
  if (!existsSync(bin("protoc-gen-potter-cqrs"))) throw new Error("The plugin is not there: run npm run build first");
  const folder = mkdtempSync(join(tmpdir(), "potter-bench-"));
  try {
    await session.eachWork(async ({ title }) => {
      const count = copyProtos(folder, { smoke: session.form === "smoke" });
      await generate(folder, count);
      const samples = await session.measureRounds({
        contenders,
        rounds: session.settings.rounds,
        independent: true,
        measure: (contender) => check(contender, folder),
      });
      return toRowsOfUnits({ work: title, units, floor, samples });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the generated files, and a configuration for each contender. */
async function generate(folder, count) {
  const plugin = (name, opt) => ({ local: [process.execPath, bin(name)], out: "gen", strategy: "all", opt });
  const plugins = [
    plugin("protoc-gen-es", ["target=ts", "import_extension=js"]),
    plugin("protoc-gen-potter-cqrs", ["import_extension=js"]),
  ];
  writeFileSync(join(folder, "buf.gen.yaml"), JSON.stringify({ version: "v2", plugins }));
  await runProgram(bin("buf"), ["generate"], folder);
  const written = readdirSync(join(folder, "gen"), { recursive: true, encoding: "utf8" });
  const messages = written.filter((path) => path.endsWith("_pb.ts")).length;
  const services = written.filter((path) => path.endsWith("_cqrs.ts")).length;
  if (messages !== count || services === 0) {
    throw new Error(`${messages} files with messages and ${services} with services for ${count} protos`);
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const contender of contenders) writeFileSync(join(folder, configOf(contender)), printConfig(contender));
}

const configOf = (contender) => `tsconfig.${contenders.indexOf(contender)}.json`;

/** The strictest options that the messages permit. Declarations of packages are not checked, as in most projects. */
function printConfig({ include }) {
  const compilerOptions = {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    inlineSources: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    skipLibCheck: true,
  };
  return JSON.stringify({ extends: join(root, "tsconfig.base.json"), compilerOptions, include: [include] });
}

async function check(contender, folder) {
  const args = [bin("tsc"), "--project", configOf(contender), "--extendedDiagnostics"];
  const { output, cpu } = await runProgram(process.execPath, args, folder);
  const figure = (pattern) => Number(pattern.exec(output)?.[1]);
  return {
    cpu,
    symbols: figure(/^Symbols: +(\d+)/m) / 1_000,
    types: figure(/^Types: +(\d+)/m) / 1_000,
    instantiations: figure(/^Instantiations: +(\d+)/m) / 1_000,
  };
}
