import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const potterBin = fileURLToPath(new URL("../../cli/bin/potter.js", import.meta.url));

/** How long a run may take: far longer than any does. */
const limit = 120_000;

/** Starts `potter watch --json` in a folder, and waits until it has generated everything. */
export async function startWatcher(folder, args) {
  const child = spawn(process.execPath, [potterBin, "watch", "--json", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const events = [];
  let notify = () => {};
  createInterface(child.stdout).on("line", (line) => {
    events.push({ ...JSON.parse(line), at: performance.now() });
    notify();
  });
  child.once("exit", () => notify());

  /** The next event of this name. Those before it are dropped. */
  const next = async (name) => {
    const deadline = performance.now() + limit;
    for (;;) {
      const event = events.shift();
      if (event?.event === "failed") throw new Error(`potter watch failed: ${JSON.stringify(event)}`);
      if (event?.event === name) return event;
      if (event !== undefined) continue;
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`potter watch: no event ${name}`);
      await new Promise((resolve) => {
        notify = resolve;
        setTimeout(resolve, 1_000);
      });
    }
  };
  await next("generated");
  await next("watching");
  return {
    next,
    /** CPU milliseconds so far, of the process and of those that it has started and that have ended. */
    cpu: () => readCpu(child.pid),
    /** Megabytes of memory that the process has now. */
    memory: () => readMemory(child.pid),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The unit in which Linux counts the time of processes, whatever its kernel's own ticks are. */
const ticksPerSecond = 100;

function readCpu(pid) {
  const text = readFileSync(join("/proc", String(pid), "stat"), "utf8");
  // The name of the program, in parentheses, may have spaces. The times are fields 14 to 17 of all.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * 1_000) / ticksPerSecond;
}

function readMemory(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(join("/proc", String(pid), "status"), "utf8")) ?? [];
  return Number(kilobytes) / 1_024;
}
