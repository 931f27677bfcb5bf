// The core of the runtime runs wherever `fetch` exists: a bundle for a neutral platform imports nothing of Node.
import { gzipSync } from "node:zlib";
import { type BuildResult, build } from "esbuild";
import { expect, it } from "vitest";
import { root } from "./sources.js";

/** What generated code without rules and without ts-proto imports as values. */
const generated = "defineAggregate, defineError, defineEvent, defineReadModel, defineService, es";
const serviceOf = (names: string) => `
  export { createApp } from "./runtime/src/index.ts";
  export { ${names} } from "./runtime/src/codegen/index.ts";
`;

/** Upper bounds in kB, minified and zipped, including protobuf-es, in one file without code splitting. */
const cases: readonly {
  readonly name: string;
  readonly code: string;
  readonly bound: number;
  readonly rules?: true;
}[] = [
  { name: "a service without rules", code: serviceOf(generated), bound: 122 },
  // Two thirds of the difference are CEL and its regular expressions.
  { name: "a service with rules", code: serviceOf(`${generated}, protovalidate`), bound: 198, rules: true },
  { name: "all of @potter/runtime", code: `export * from "./runtime/src/index.ts";`, bound: 124 },
  // graphql-js is most of it.
  {
    name: "all of @potter/runtime/graphql",
    code: `export * from "./runtime/src/transport/graphql/index.ts";`,
    bound: 120,
  },
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

for (const { name, code, bound, rules = false } of cases) {
  it(`bundles ${name} for a neutral platform`, async () => {
    const { outputFiles, metafile, warnings } = await bundle(code);
    const file = outputFiles[0];
    const inputs = Object.values(metafile?.inputs ?? {}).flatMap((input) => input.imports);
    expect(warnings).toEqual([]);
    expect(inputs.filter((one) => one.external).map((one) => one.path)).toEqual([]);
    // Looking a module up by process.getBuiltinModule is not an import: other platforms answer undefined.
    expect(file?.text).not.toMatch(/\b(from|import|require)\s*\(?\s*["'`]node:/);
    const bundled = Object.values(metafile?.outputs ?? {}).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
    expect(bundled.some((path) => /@bufbuild\/(protovalidate|cel|re2)/.test(path))).toBe(rules);
    const size = gzipSync(file?.contents ?? new Uint8Array()).byteLength / 1000;
    process.stdout.write(`${name}: ${size.toFixed(1)} kB minified and zipped\n`);
    expect(size).toBeLessThan(bound);
  });
}

it("fails on a node: import", async () => {
  await expect(bundle(`export { join } from "node:path";`)).rejects.toThrow("node:path");
});
