// One file of the worker and of all that it imports: processes start often, and from one file in a third of the time.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { patchModules } from "../../simulate/runtime.mjs";

/** Writes the file into a folder, with replaced texts of the runtime, and returns its path. */
export async function bundleWorker(folder, edits) {
  const outfile = join(folder, "worker.mjs");
  const patched = patchModules(edits);
  await build({
    entryPoints: [fileURLToPath(new URL("worker.mjs", import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["pg-native"],
    logLevel: "error",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [
      {
        name: "replaced-texts",
        setup: (builder) =>
          builder.onLoad({ filter: /dist.*\.js$/ }, ({ path }) => {
            const contents = patched.get(pathToFileURL(path).href);
            return contents === undefined ? undefined : { contents, loader: "js" };
          }),
      },
    ],
  });
  return outfile;
}
