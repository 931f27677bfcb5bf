// Bundles the entry points of the generator, which loads them several times faster than their hundreds of modules. What they share
// is in files of its own, so a class that two entry points export is the same class. Types stay where the compiler puts them.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../generator/dist/", import.meta.url));
const outdir = join(dist, "bundle");

// The names of shared files follow their content.
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    index: join(dist, "index.js"),
    plugin: join(dist, "plugin/index.js"),
    tooling: join(dist, "tooling/index.js"),
  },
  outdir,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
