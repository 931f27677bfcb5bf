import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** Where bundles are put, so that Node finds the packages of the judges from there. */
export const out: string = join(import.meta.dirname, "gen");

/** Bundles a program of ours, with the runtime in it, against a version of graphql-js. Gives the path of what Node runs. */
export async function bundle(entry: string, name: string, graphql: "graphql" | "graphql-17"): Promise<string> {
  mkdirSync(out, { recursive: true });
  const outfile = join(out, `${name}-${graphql}.mjs`);
  const ours = ["@potter/", "@bufbuild/"];
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    plugins: [
      {
        name: "packages",
        setup({ onResolve }) {
          onResolve({ filter: /^[@a-z]/ }, ({ path, kind }) => {
            if (kind === "entry-point" || ours.some((prefix) => path.startsWith(prefix))) return undefined;
            return { path: path === "graphql" ? graphql : path, external: true };
          });
        },
      },
    ],
  });
  return outfile;
}
