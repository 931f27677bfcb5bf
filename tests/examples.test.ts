// Each example starts as its README describes, with every option.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { listFiles, readText, root } from "./sources.js";

/** The options with which each example is started: those of its README, with a free port and a temporary folder. */
const starts: Readonly<Record<string, readonly (readonly string[])[]>> = {
  sagas: [[]],
  shop: [
    [],
    ["--data", "DATA"],
    ["--serve", "--port", "0", "--origin", "http://localhost:5173"],
    ["--serve", "--port", "0", "--data", "DATA"],
  ],
  "two-phase-commit": [[]],
};

/** What the output of each example contains. */
const outputs: Readonly<Record<string, readonly string[]>> = {
  sagas: [
    "trip-1 completed: flight done, hotel done, car done, confirm done",
    "trip-2 compensated (travel.v1.SoldOut): flight undone, hotel undone, car failed, confirm waiting",
    "pens completed: request done, verify skipped, order done",
    "laptop completed: request done, verify done, order done",
    "yacht compensated (purchasing.v1.PurchaseNotApproved): request undone, verify done, order failed",
    "2026-01-31 loan.borrower_reminded\n2026-01-31 loan.repaid",
    "2026-03-02 loan.borrower_reminded\n2026-03-16 loan.expired",
  ],
  shop: [
    "2 order.shipped",
    '"status":"COMPENSATED","failure":"shop.payments.v1.CardDeclined"',
    ...["REST", "Connect", "gRPC", "WebSocket"].map(
      (name) => `${name.padEnd(9)} ORDER_STATUS_SHIPPED 3998, placed again: orderAlreadyPlaced`,
    ),
  ],
  "two-phase-commit": [
    "  not moved: not enough stock\n  north (PostgreSQL): 6, south (MariaDB): 4",
    "  not moved: participant south could not prepare, so all are rolled back\n  north (PostgreSQL): 6, south (MariaDB): 4",
    "recovery commits the branch\n  moved\n  north (PostgreSQL): 5, south (MariaDB): 5",
  ],
};

/** The servers without which an example only says what it lacks. */
const servers: Readonly<Record<string, readonly string[]>> = {
  "two-phase-commit": ["POTTER_POSTGRES_URL", "POTTER_MARIADB_URL"],
};

const running = new Set<ChildProcess>();
const folders: string[] = [];

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Starts an example and collects its output. */
function start(example: string, options: readonly string[]) {
  // PGlite is WebAssembly: in a process that ends soon, optimizing its code takes more CPU time than it saves.
  const args = ["--liftoff-only", "dist/src/main.js", ...options];
  const child = spawn(process.execPath, args, { cwd: join(root, "examples", example) });
  running.add(child);
  const output = { stdout: "", stderr: "" };
  let wake = (): void => {};
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      wake();
    });
  }
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    wake();
    return code as number | null;
  });
  /** Waits for an output, and fails when the process ends before. */
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output.stdout)?.[1];
      if (found !== undefined) return found;
      if (!running.has(child))
        throw new Error(`${example} ended before it wrote ${pattern}: ${JSON.stringify(output)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { child, output, ended, until };
}

it("every example has a start command here", () => {
  const examples = new Set(listFiles("examples").map((file) => file.split("/")[1]));
  expect([...examples]).toEqual(Object.keys(starts));
  expect([...examples]).toEqual(Object.keys(outputs));
});

describe.each(Object.entries(starts))("the example %s", (example, all) => {
  it("describes exactly the options that are started here", () => {
    const optionsIn = (text: string) => new Set([...text.matchAll(/(?<=\s)--[a-z]+\b/g)].map(([option]) => option));
    const source = readText(`examples/${example}/src/main.ts`);
    const [, declared = ""] = /parseArgs\(\{\s*options: \{(.*?)\},?\s*\}\);/s.exec(source) ?? [];
    const known = new Set([...declared.matchAll(/(\w+): \{/g)].map(([, name]) => `--${name}`));
    expect(optionsIn(source.split("import ")[0] ?? "")).toEqual(known);
    const readme = readText(`examples/${example}/README.md`).split("\n");
    expect(optionsIn(readme.filter((line) => line.startsWith("npm run demo")).join("\n"))).toEqual(known);
    expect(optionsIn(all.map((options) => ` ${options.join(" ")}`).join())).toEqual(known);
  });

  const missing = (servers[example] ?? []).filter((name) => !process.env[name]);

  it.runIf(missing.length > 0)("names the servers that it lacks, and ends", async () => {
    const { output, ended } = start(example, []);
    expect(await ended).toBe(0);
    expect(output.stderr).toContain("*** SKIPPED");
    for (const name of missing) expect(output.stderr).toContain(name);
  });

  const run = it.skipIf(missing.length > 0);
  run.each(all.map((options) => [options.join(" ") || "no option", options]))("runs with %s", async (_, options) => {
    const folder = mkdtempSync(join(tmpdir(), "potter-example-"));
    folders.push(folder);
    const data = join(folder, "data");
    const given = options.map((option) => (option === "DATA" ? data : option));
    const { child, output, ended, until } = start(example, given);
    if (options.includes("--serve")) {
      const url = await until(/Serving at (http:\/\/\S+)/);
      for (const path of ["/docs", "/openapi.json", "/v1/orders"]) expect((await fetch(url + path)).status).toBe(200);
      child.kill("SIGTERM");
    }
    expect({ code: await ended, stderr: output.stderr }).toEqual({ code: 0, stderr: "" });
    for (const line of outputs[example] ?? []) expect(output.stdout).toContain(line);
    expect(existsSync(data)).toBe(options.includes("--data"));
    // A later start finds the stored data.
    if (!options.includes("--data")) return;
    const again = start(example, ["--serve", "--port", "0", "--data", data]);
    const url = await again.until(/Serving at (http:\/\/\S+)/);
    const { orders } = (await (await fetch(`${url}/v1/orders`)).json()) as { orders: readonly unknown[] };
    expect(orders).toHaveLength(4);
    again.child.kill("SIGTERM");
    expect({ code: await again.ended, stderr: again.output.stderr }).toEqual({ code: 0, stderr: "" });
  });
});
