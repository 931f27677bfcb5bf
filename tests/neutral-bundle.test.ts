// The core of the runtime runs wherever `fetch` exists: a bundle for a neutral platform imports nothing of Node.
import { gzipSync } from "node:zlib";
import { type BuildResult, build } from "esbuild";
import { expect, it } from "vitest";
import { root } from "./sources.js";

/** Upper bounds in kB, minified and zipped, including protobuf-es and protovalidate. */
const bounds: Readonly<Record<string, number>> = {
  "runtime/src/index.ts": 190,
  "runtime/src/codegen/index.ts": 120,
  // graphql-js is most of it.
  "runtime/src/transport/graphql/index.ts": 120,
};

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

for (const [entry, bound] of Object.entries(bounds)) {
  it(`bundles ${entry} for a neutral platform`, async () => {
    const { outputFiles, metafile, warnings } = await bundle(`export * from "./${entry}";`);
    const code = outputFiles[0];
    const inputs = Object.values(metafile?.inputs ?? {}).flatMap((input) => input.imports);
    expect(warnings).toEqual([]);
    expect(inputs.filter((one) => one.external).map((one) => one.path)).toEqual([]);
    expect(code?.text).not.toMatch(/["']node:/);
    const size = gzipSync(code?.contents ?? new Uint8Array()).byteLength / 1000;
    process.stdout.write(`${entry}: ${size.toFixed(1)} kB minified and zipped\n`);
    expect(size).toBeLessThan(bound);
  });
}

it("fails on a node: import", async () => {
  await expect(bundle(`export { join } from "node:path";`)).rejects.toThrow("node:path");
});
