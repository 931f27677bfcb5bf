// The core of the runtime runs wherever `fetch` exists: a bundle for a neutral platform imports nothing of Node, and contains
// only what its parts need.
import { gzipSync } from "node:zlib";
import { type BuildResult, build } from "esbuild";
import { expect, it } from "vitest";
import { root } from "./sources.js";

/** The generated messages of every service import these. */
const messages = `export { enumDesc, fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";`;
/** A service whose generated code imports these names as values. */
const serviceOf = (...names: readonly string[]) => `
  export { createApp } from "./runtime/src/index.ts";
  export { defineError, defineService, es, httpBinding, ${names.join(", ")} } from "./runtime/src/codegen/index.ts";
  ${messages}
`;

/** What a part brings: no file of these is in a bundle without it. */
const brought = {
  aggregates: /^runtime\/src\/aggregate\//,
  events: /^runtime\/src\/(schemas|store\/subscriptions\/(event-tail|follower|log-reader))/,
  readModels: /^runtime\/src\/projection\//,
  personalData: /^runtime\/src\/personal\/(seal|event-sealer|sealed-rows)/,
  rules: /@bufbuild\/(protovalidate|cel|re2)/,
};
type Brought = keyof typeof brought;

/** Upper bounds in kB, minified and zipped, including protobuf-es, in one file without code splitting. */
const cases: readonly {
  readonly name: string;
  readonly code: string;
  readonly bound: number;
  readonly brings: readonly Brought[];
}[] = [
  { name: "handlers", code: serviceOf(), bound: 88, brings: [] },
  {
    name: "aggregates",
    code: serviceOf("defineAggregate", "defineEvent"),
    bound: 101,
    brings: ["aggregates", "events"],
  },
  {
    name: "read models",
    code: serviceOf("defineEvent", "defineReadModel"),
    bound: 111,
    brings: ["aggregates", "events", "readModels"],
  },
  {
    name: "aggregates and read models",
    code: serviceOf("defineAggregate", "defineEvent", "defineReadModel"),
    bound: 117,
    brings: ["aggregates", "events", "readModels"],
  },
  {
    name: "aggregates, read models and personal fields",
    code: serviceOf("defineAggregate", "defineEvent", "defineReadModel", "personalData"),
    bound: 126,
    brings: ["aggregates", "events", "readModels", "personalData"],
  },
  {
    name: "everything",
    code: serviceOf("defineAggregate", "defineEvent", "defineReadModel", "personalData", "protovalidate"),
    // Two thirds of the difference are CEL and its regular expressions.
    bound: 201,
    brings: ["aggregates", "events", "readModels", "personalData", "rules"],
  },
];

/** Whole entry points. graphql-js is most of the second. */
const entries = [
  { name: "@potter/runtime", file: "./runtime/src/index.ts", bound: 97 },
  { name: "@potter/runtime/graphql", file: "./runtime/src/transport/graphql/index.ts", bound: 120 },
];

async function bundle(stdin: string): Promise<BuildResult & { outputFiles: { text: string; contents: Uint8Array }[] }> {
  return await build({
    stdin: { contents: stdin, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    logLevel: "silent",
  });
}

/** Bundles the code, checks what it may not contain, and returns the paths of the files of which something is left. */
async function measure(name: string, code: string, bound: number): Promise<readonly string[]> {
  const { outputFiles, metafile, warnings } = await bundle(code);
  const file = outputFiles[0];
  const inputs = Object.values(metafile?.inputs ?? {}).flatMap((input) => input.imports);
  expect(warnings).toEqual([]);
  expect(inputs.filter((one) => one.external).map((one) => one.path)).toEqual([]);
  // Looking a module up by process.getBuiltinModule is not an import: other platforms answer undefined.
  expect(file?.text).not.toMatch(/\b(from|import|require)\s*\(?\s*["'`]node:/);
  const size = gzipSync(file?.contents ?? new Uint8Array()).byteLength / 1000;
  process.stdout.write(`${name}: ${size.toFixed(1)} kB minified and zipped\n`);
  expect(size).toBeLessThan(bound);
  return Object.values(metafile?.outputs ?? {}).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

for (const { name, code, bound, brings } of cases) {
  it(`bundles a service with ${name} for a neutral platform, and nothing that it does not need`, async () => {
    const files = await measure(name, code, bound);
    const found = Object.entries(brought).flatMap(([one, pattern]) =>
      files.some((path) => pattern.test(path)) ? [one] : [],
    );
    expect(found).toEqual(brings);
  });
}

for (const { name, file, bound } of entries) {
  it(`bundles all of ${name} for a neutral platform`, async () => {
    await measure(name, `export * from "${file}";`, bound);
  });
}

it("fails on a node: import", async () => {
  await expect(bundle(`export { join } from "node:path";`)).rejects.toThrow("node:path");
});
