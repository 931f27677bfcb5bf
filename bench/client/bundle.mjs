import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { clientFromSource } from "../potter/build.mjs";

/** Bundles a client as for a web page. Returns the sizes of the file in bytes. */
export async function bundleClient(file, outfile) {
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
    plugins: [clientFromSource],
  });
  const bytes = readFileSync(outfile);
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}
