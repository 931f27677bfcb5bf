// The command line of the benchmarks, and what --compare reports as a loss.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";

const root = new URL("../", import.meta.url);
const readme = readFileSync(new URL("bench/README.md", root), "utf8");

interface Row {
  readonly work: string;
  readonly contender: string;
  readonly unit: string;
  readonly ratio: number;
}

interface Comparison {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly recorded: { readonly date: string; readonly machine: object; readonly rows: readonly Row[] } | undefined;
}

interface Compare {
  compareWithRecorded(comparison: Comparison): string[];
  reportLosses(losses: readonly string[]): number;
}

const { compareWithRecorded, reportLosses }: Compare = await import(new URL("bench/harness/compare.mjs", root).href);
const { judged }: { readonly judged: Readonly<Record<string, readonly string[]>> } = await import(
  new URL("bench/harness/judged.mjs", root).href
);

function bench(...args: string[]) {
  const script = fileURLToPath(new URL("bench/run.mjs", root));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run bench", () => {
  test("--help prints the options, and the benchmarks that the README lists", () => {
    const { status, stdout, stderr } = bench("--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const option of ["--quick", "--smoke", "--compare", "--only", "--latency", "--minutes", "--report"]) {
      expect(stdout).toContain(`  ${option} `);
    }
    const [, names = ""] = /^Benchmarks: ([\w, -]+);/m.exec(stdout) ?? [];
    expect(names.split(", ").sort()).toEqual(Object.keys(judged).sort());
    for (const name of names.split(", ")) expect(readme).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test.each([
    [["--bogus"], "Unknown option '--bogus'. See npm run bench -- --help"],
    [["--only"], "Option '--only <value>' argument missing. See npm run bench -- --help"],
    [["dispatch", "--quick", "--smoke"], "--quick and --smoke are two forms: choose one"],
    [["--smoke", "--compare"], "--smoke measures nothing that --compare could compare"],
    [["--report", "--quick"], "--report measures nothing: it takes no other option"],
    [["command", "--latency", "soon"], '--latency takes milliseconds, such as 1, not "soon"'],
    [["--minutes", "0"], '--minutes takes a number, such as 10, not "0"'],
    [["--smoke", "--minutes", "1"], "--smoke measures nothing that takes --minutes"],
    [["--latency", "1"], "--latency is an option of command: npm run bench -- command --latency 1"],
  ])("refuses %j in one line", (args, line) => {
    expect(bench(...args)).toEqual({ status: 2, stdout: "", stderr: `${line}\n` });
  });

  test("refuses names that are no benchmarks, and lists those that are", () => {
    const { status, stderr } = bench("dispatch", "despatch", "htpt");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^There is no benchmark despatch, htpt\. There are: all, command, dispatch, [\w, -]+\n$/);
  });
});

test.each(/^Benchmarks: ([\w, -]+);/m.exec(bench("--help").stdout)?.[1]?.split(", ") ?? [])(
  "%s reports its progress, stores each work, and bounds its time",
  (name) => {
    const text = readFileSync(new URL(`bench/${name}/bench.mjs`, root), "utf8");
    // The session prints a line before each measurement, and stores the rows after each work.
    for (const call of ["session.eachWork(", "session.measureRounds("]) expect(text).toContain(call);
    const forms = text.slice(text.indexOf("export const forms"));
    const [quick = 0, full = 0] = Array.from(forms.matchAll(/minutes: ([\d.]+)/g), ([, minutes]) => Number(minutes));
    expect(quick).toBeGreaterThan(0);
    expect(quick).toBeLessThanOrEqual(4);
    expect(full).toBeGreaterThan(quick);
  },
);

describe("compareWithRecorded", () => {
  const potter: Row = { work: "place", contender: "Potter", unit: "req/s", ratio: 1 };
  const compare = (before: Partial<Row>, now: Partial<Row>, name = "http") =>
    compareWithRecorded({
      name,
      rows: [{ ...potter, ...now }],
      recorded: { date: "2026-11-30 00:00 UTC", machine: {}, rows: [{ ...potter, ...before }] },
    });
  let printed: MockInstance<typeof console.log>;

  beforeEach(() => {
    printed = vi.spyOn(console, "log").mockImplementation(() => {});
  });

  test("a rate that fell by more than 15 % is a loss", () => {
    expect(compare({ ratio: 1 }, { ratio: 0.84 })).toEqual(["http: place, Potter, req/s"]);
    expect(printed.mock.calls.flat().join("\n")).toContain("-16 % LOSS");
  });

  test("CPU time, a count or a size that grew by more than 15 % is a loss", () => {
    for (const [name, unit] of [
      ["http", "CPU µs/request"],
      ["command", "statements/command"],
      ["cold-start", "kB zipped"],
    ] as const) {
      expect(compare({ unit, ratio: 1 }, { unit, ratio: 1.2 }, name)).toEqual([`${name}: place, Potter, ${unit}`]);
    }
  });

  test("what became better, or worse by at most 15 %, is none", () => {
    expect(compare({ ratio: 1 }, { ratio: 0.86 })).toEqual([]);
    expect(compare({ ratio: 1 }, { ratio: 1.5 })).toEqual([]);
    const unit = "CPU µs/request";
    expect(compare({ unit, ratio: 1 }, { unit, ratio: 1.17 })).toEqual([]);
    expect(compare({ unit, ratio: 1 }, { unit, ratio: 0.5 })).toEqual([]);
  });

  test("other contenders, and what the clock or other processes decide, are never a loss", () => {
    expect(compare({ contender: "fastify" }, { contender: "fastify", ratio: 0.5 })).toEqual([]);
    for (const [name, unit] of [
      ["http", "server busy %"],
      ["cold-start", "ms"],
      ["generate", "ms/file"],
      ["command", "ms until answered, median"],
      ["command", "PostgreSQL CPU µs/command"],
      ["event-store", "ms, 99th percentile"],
      ["hot-stream", "payments/s"],
      ["graphql-fanout", "kB/subscription, resident"],
    ] as const) {
      expect(compare({ unit, ratio: 1 }, { unit, ratio: unit.endsWith("/s") ? 0.3 : 3 }, name)).toEqual([]);
    }
  });

  test.each(Object.entries(judged))("of %s, units are judged that it measures", (name, units) => {
    const folder = new URL(`bench/${name}/`, root);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".mjs"));
    const text = sources.map((file) => readFileSync(new URL(file, folder), "utf8")).join("\n");
    expect(units.length).toBeGreaterThan(0);
    for (const unit of units) expect(text).toContain(`"${unit}"`);
  });

  test("a row that is new, and a benchmark that nothing is recorded of, are none", () => {
    expect(compare({ work: "get" }, { ratio: 0.1 })).toEqual([]);
    expect(compareWithRecorded({ name: "http", rows: [potter], recorded: undefined })).toEqual([]);
  });

  test("a loss of any benchmark is listed, and makes the exit code 1", () => {
    expect(reportLosses([])).toBe(0);
    expect(reportLosses(compare({ ratio: 1 }, { ratio: 0.8 }))).toBe(1);
    expect(printed.mock.lastCall).toEqual(["Worse than recorded, beyond noise:\n- http: place, Potter, req/s"]);
  });
});
