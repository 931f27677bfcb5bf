import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** The supported versions of graphql-js: `graphql` is the newest 16, and `graphql-oldest` the oldest supported one. */
export const versions = ["graphql", "graphql-oldest", "graphql-17"] as const;

/** The folder of the bundles: Node resolves the packages of this folder from there. */
export const out: string = join(import.meta.dirname, "gen");

/** Bundles one of our programs and the runtime with a version of graphql-js. Returns the path of the bundle. */
export async function bundle(entry: string, name: string, graphql: (typeof versions)[number]): Promise<string> {
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

/** What a program prints. */
export function run(program: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (stdout === "") throw new Error(stderr);
  return stdout;
}
