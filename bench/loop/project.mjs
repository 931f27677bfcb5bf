// Projects of many proto files: copies of the shop example, each with packages, paths and event types of its own.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shop = join(root, "examples/shop/proto");

/** The files of one copy. */
const sources = readdirSync(shop, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".proto"))
  .sort();

export const targets = ["cqrs", "saga", "openapi", "graphql", "asyncapi"];

/**
 * Creates a project of `count` proto files, a multiple of the four files of the shop, in a folder that is there. All of
 * Potter's targets and the messages of protobuf-es, one run of each. Returns `{ folder, edited, paths }`: the file that
 * is saved, from the folder, and all of them.
 */
export function createProject(folder, count) {
  const paths = [];
  for (let copy = 0; copy * sources.length < count; copy++) {
    const number = String(copy).padStart(3, "0");
    for (const source of sources) {
      const path = `proto/${source.replace(/^shop\//, `shop${number}/`)}`;
      write(folder, path, rename(readSource(source), number));
      paths.push(path);
    }
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "many-shops", private: true, type: "module" }));
  writeFileSync(
    join(folder, "buf.yaml"),
    "version: v2\nmodules:\n  - path: proto\n  - path: node_modules/@potter/generator/proto\n",
  );
  writeFileSync(join(folder, "buf.gen.yaml"), JSON.stringify(template, undefined, 2));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return { folder, paths, edited: paths.find((path) => path.endsWith("/orders.proto")) };
}

const template = {
  version: "v2",
  clean: true,
  plugins: [
    { local: "protoc-gen-es", out: "gen", opt: ["target=ts", "import_extension=js"], strategy: "all" },
    ...targets.map((name) => ({ local: `protoc-gen-potter-${name}`, out: "gen", strategy: "all" })),
  ],
  inputs: [{ directory: "proto" }],
};
template.plugins[0].include_imports = true;

/** The names that must be unique in a GraphQL schema: of messages, enums, services and rpcs. */
const names = new Set(
  sources.flatMap((source) =>
    Array.from(readSource(source).matchAll(/^ *(?:message|enum|service|rpc) (\w+)/gm), ([, name]) => name),
  ),
);

/** The text of a file of the shop as a copy has it. Copies share no name that must be unique. */
function rename(text, copy) {
  return text
    .replaceAll(/\bshop([./])(?=[a-z]+[./]v1)/g, `shop${copy}$1`)
    .replaceAll('"/v1/', `"/shop${copy}/v1/`)
    .replaceAll(/\btype: "/g, `type: "shop${copy}.`)
    .replaceAll(/^(?! *\/\/).*$/gm, (line) =>
      line.replaceAll(/\b[A-Z]\w+/g, (word) => (names.has(word) ? `${word}${copy}` : word)),
    );
}

function readSource(source) {
  return readFileSync(join(shop, source), "utf8");
}

function write(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
