// The core of the runtime runs wherever `fetch` exists: a bundle for a neutral platform imports nothing of Node, and contains
// only what its parts need.
import { expect, it } from "vitest";
import { bundleNeutral, filesOf, services, zippedSize } from "../scripts/service-bundles.mjs";

/** What a part brings: no file of these is in a bundle without it. */
const brought = {
  aggregates: /^runtime\/src\/aggregate\//,
  events: /^runtime\/src\/(schemas|store\/subscriptions\/(event-tail|follower|log-reader))/,
  readModels: /^runtime\/src\/projection\//,
  personalData: /^runtime\/src\/personal\/(seal|event-sealer|sealed-rows)/,
  sagas: /^runtime\/src\/saga\/(machine|row|engine|control)\//,
  probes: /^runtime\/src\/transport\/health\//,
  rules: /@bufbuild\/(protovalidate|cel|re2)/,
};
type Brought = keyof typeof brought;

/** Upper bounds in kB, minified and zipped, including protobuf-es, and what the service contains. */
const expected: Readonly<Record<string, { readonly bound: number; readonly brings: readonly Brought[] }>> = {
  "handlers only": { bound: 93, brings: [] },
  aggregates: { bound: 108, brings: ["aggregates", "events"] },
  "read models": { bound: 117, brings: ["aggregates", "events", "readModels"] },
  "aggregates and read models": { bound: 125, brings: ["aggregates", "events", "readModels"] },
  "these and personal fields": { bound: 133, brings: ["aggregates", "events", "readModels", "personalData"] },
  // Most of the difference are CEL and its regular expressions.
  "these and rules": { bound: 209, brings: ["aggregates", "events", "readModels", "personalData", "rules"] },
};

/** Whole entry points. The first has the engine of projections, for reactions; graphql-js is most of the second. */
const entries = [
  { name: "@potter/runtime", file: "./runtime/src/index.ts", bound: 160 },
  { name: "@potter/runtime/graphql", file: "./runtime/src/transport/graphql/index.ts", bound: 120 },
  { name: "@potter/runtime/websocket", file: "./runtime/src/transport/websocket/index.ts", bound: 20 },
  { name: "@potter/runtime/rpc", file: "./runtime/src/transport/rpc/index.ts", bound: 65 },
];

/** Bundles the code, checks what it may not contain, and returns the paths of the files of which something is left. */
async function measure(name: string, code: string, bound: number): Promise<readonly string[]> {
  const bundle = await bundleNeutral(code);
  const inputs = Object.values(bundle.metafile.inputs).flatMap((input) => input.imports);
  expect(bundle.warnings).toEqual([]);
  expect(inputs.filter((one) => one.external).map((one) => one.path)).toEqual([]);
  // Looking a module up by process.getBuiltinModule is not an import: other platforms answer undefined.
  expect(bundle.outputFiles[0]?.text).not.toMatch(/\b(from|import|require)\s*\(?\s*["'`]node:/);
  const size = zippedSize(bundle);
  process.stdout.write(`${name}: ${size.toFixed(1)} kB minified and zipped\n`);
  expect(size).toBeLessThan(bound);
  return filesOf(bundle).map(([path]) => path);
}

for (const { name, code } of services) {
  it(`bundles a service with ${name} for a neutral platform, and nothing that it does not need`, async () => {
    const { bound, brings } = expected[name] ?? { bound: 0, brings: [] };
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

it("bundles probes with the service that answers them", async () => {
  const bundle = await bundleNeutral(`export { createApp, health } from "./runtime/src/index.ts";`);
  expect(filesOf(bundle).filter(([path]) => brought.probes.test(path))).not.toEqual([]);
});

it("fails on a node: import", async () => {
  await expect(bundleNeutral(`export { join } from "node:path";`)).rejects.toThrow("node:path");
});
