// Reports what users pay: the size of every entry point and of services, part by part, and the work of type-checking the example shop with its
// generated code. It needs a build, and fails when the type checker does more than its budget: npm run sizes
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { listEntries, listPublished, root } from "./published.mjs";
import { bundleNeutral, filesOf, services, zippedSize } from "./service-bundles.mjs";

/** What the compiler counts for the shop is the same on every machine; its time is not, so that is only reported. */
const budget = { Types: 100_000, Instantiations: 120_000 };

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);

/**
 * The size of an entry point, minified and zipped.
 *
 * @param {string} file
 * @param {import("esbuild").BuildOptions} options
 */
async function measure(file, options) {
  const common = { bundle: true, minify: true, write: false, format: "esm", logLevel: "silent" };
  const { outputFiles } = await build({ ...common, entryPoints: [file], platform: "node", ...options });
  return gzipSync(outputFiles[0].contents).byteLength;
}

console.log("Minified and zipped: own code, and with all dependencies but optional peers");
for (const workspace of listPublished()) {
  const optional = Object.keys(workspace.manifest.peerDependenciesMeta ?? {});
  for (const { name, code } of listEntries(workspace)) {
    const file = join(root, workspace.folder, code);
    const own = await measure(file, { packages: "external" });
    const whole = await measure(file, { external: optional });
    console.log(`${kilobytes(own)} ${kilobytes(whole)}  ${name}`);
  }
}

/** The part of a bundle that a file belongs to: a folder of the runtime, or a package. */
const partOf = (/** @type {string} */ path) =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(path)?.[1] ?? path.split("/").slice(2, 3).join("/");

console.log("\nServices with createApp, REST and the store in memory: zipped, and their parts minified");
for (const { name, code } of services) {
  const bundle = await bundleNeutral(code);
  /** @type {Map<string, number>} */
  const parts = new Map();
  for (const [path, bytes] of filesOf(bundle)) parts.set(partOf(path), (parts.get(partOf(path)) ?? 0) + bytes);
  const largest = [...parts].filter(([, bytes]) => bytes >= 1000).sort(([, a], [, b]) => b - a);
  console.log(`${kilobytes(1000 * zippedSize(bundle))}  ${name}`);
  console.log(`            ${largest.map(([part, bytes]) => `${part} ${Math.round(bytes / 1000)}`).join(", ")}`);
}

const tsc = join(root, "node_modules/.bin/tsc");
const flags = ["--noEmit", "--composite", "false", "--incremental", "false", "--extendedDiagnostics"];
const { status, stdout, stderr } = spawnSync(tsc, ["-p", "examples/shop", ...flags], { cwd: root, encoding: "utf8" });
if (status !== 0) {
  console.error(stdout + stderr);
  process.exit(1);
}
const counts = Object.fromEntries([...stdout.matchAll(/^(.+?):\s+([\d.]+)/gm)].map(([, name, value]) => [name, value]));
console.log(
  `\nType check of the shop: ${counts["Total time"]} s, of which the checker takes ${counts["Check time"]} s`,
);
for (const [name, most] of Object.entries(budget)) {
  const count = Number(counts[name]);
  console.log(`${String(count).padStart(10)} ${name.toLowerCase()}, of at most ${most}`);
  if (!(count <= most)) {
    console.error(
      `The shop takes more ${name.toLowerCase()} than the budget in scripts/sizes.mjs: simplify the types.`,
    );
    process.exitCode = 1;
  }
}
