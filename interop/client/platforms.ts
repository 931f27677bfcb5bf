// The platforms without a browser that call the shop, each as users start it.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { root } from "../../generator/dist/testing/index.js";

const folder = join(root, "interop/client");
const modules = join(root, "interop/node_modules");
const architecture = process.arch === "arm64" ? "aarch64" : process.arch;
/** Bun's own launcher needs an install script, which is not run. */
const bun = join(modules, `@oven/bun-${process.platform}-${architecture}/bin/bun`);

/** What a platform has seen, by transport. */
export type SeenByTransport = Readonly<Record<string, unknown>>;

/** Calls the shop at a URL. `out`: a folder for the bundle. */
export type Platform = (url: string, out: string) => Promise<SeenByTransport>;

const run = promisify(execFile);

/** Each platform. */
export const platforms: Readonly<Record<string, Platform>> = {
  Bun: async (url, out) => read(await run(bun, [await bundle("program.ts", out), url, "Bun"])),
  Deno: async (url, out) => {
    const file = await bundle("program.ts", out);
    return read(await run(join(modules, ".bin/deno"), ["run", "-A", "--no-lock", file, url, "Deno"]));
  },
  workerd: async (url, out) => {
    const script = readFileSync(await bundle("worker.ts", out), "utf8");
    const flare = new Miniflare({ modules: true, script, compatibilityDate: "2026-01-01" });
    try {
      const answer = await flare.dispatchFetch(`http://worker/?url=${encodeURIComponent(url)}`);
      return (await answer.json()) as SeenByTransport;
    } finally {
      await flare.dispose();
    }
  },
};

function read({ stdout }: { readonly stdout: string }): SeenByTransport {
  return JSON.parse(stdout) as SeenByTransport;
}

async function bundle(entry: string, out: string): Promise<string> {
  const outfile = join(out, entry.replace(/\.ts$/, ".mjs"));
  const entryPoints = [join(folder, entry)];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "neutral", logLevel: "silent" });
  return outfile;
}

/** The script of the page for a browser. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "browser-page.tsx")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    nodePaths: [modules],
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
