// The platforms that serve the app of this folder, each as users start it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { root } from "../../generator/dist/testing/index.js";

const folder = join(root, "interop/platforms");
const modules = join(root, "interop/node_modules");
/** Bun's own launcher needs an install script, which is not run. */
const bunProgram = join(
  modules,
  `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}/bin/bun`,
);

/** A running platform. */
export interface Platform {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts each platform. `out`: a folder for the bundle. */
export const platforms: Readonly<Record<string, (out: string) => Promise<Platform>>> = {
  Deno: async (out) => {
    const port = await findPort();
    const file = await bundle("deno", out);
    return started(port, spawn(join(modules, ".bin/deno"), ["serve", "-A", "--no-lock", "--port", String(port), file]));
  },
  Bun: async (out) => {
    const port = await findPort();
    return started(port, spawn(bunProgram, [await bundle("bun", out), String(port)]));
  },
  workerd: async (out) => {
    const script = readFileSync(await bundle("workerd", out), "utf8");
    const flare = new Miniflare({ modules: true, script, compatibilityDate: "2026-01-01" });
    const { port } = await flare.ready;
    return { port: Number(port), stop: () => flare.dispose() };
  },
};

async function bundle(name: string, out: string): Promise<string> {
  const outfile = join(out, `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    outfile,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    logLevel: "silent",
  });
  return outfile;
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until a server answers. Rejects with its output if it ends before. */
async function started(port: number, child: ChildProcess): Promise<Platform> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => (output += data.toString()));
  const ended = once(child, "exit");
  for (;;) {
    if (child.exitCode !== null) throw new Error(output);
    const answer = await fetch(`http://127.0.0.1:${port}/v1/orders/none`).catch(() => undefined);
    await answer?.text();
    if (answer !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
