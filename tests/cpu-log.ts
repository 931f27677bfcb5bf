// Appends the CPU time of each test file, child processes included, to the file that POTTER_CPU_LOG names.
// scripts/slowest.mjs reads it.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { afterAll, expect } from "vitest";

const { POTTER_CPU_LOG: log } = process.env;

/** CPU seconds of child processes that have ended. Linux only: elsewhere 0, since Node does not report it. */
function childSeconds(): number {
  if (!existsSync("/proc/self/stat")) return 0;
  // The fields after the program name, which may hold blanks: cutime and cstime, in hundredths of a second.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function read() {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1e6, children: childSeconds() };
}

if (log !== undefined) {
  // The first file of a process also pays for its start.
  const state = globalThis as { potterCpuBefore?: ReturnType<typeof read> };
  const before = state.potterCpuBefore ?? { own: 0, children: 0 };
  afterAll(() => {
    const now = read();
    state.potterCpuBefore = now;
    const { testPath: file } = expect.getState();
    const spent = { file, own: now.own - before.own, children: now.children - before.children };
    appendFileSync(log, `${JSON.stringify(spent)}\n`);
  });
}
