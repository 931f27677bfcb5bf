import { describe, expect, it } from "vitest";
import { readTime } from "./events/read-time.js";
import { toSelection } from "./events/selection.js";
import { type OptionSpecs, readOptions } from "./options.js";
import { printSpan } from "./terminal/index.js";
import { UsageError } from "./usage-error.js";

const specs: OptionSpecs = {
  type: { value: "type", many: true, help: "" },
  from: { value: "position", help: "" },
  stream: { value: "type/id", help: "" },
  tenant: { value: "tenant", help: "" },
  json: { help: "" },
};
const read = (...args: readonly string[]) => readOptions(args, specs);
const errorOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("expected a UsageError");
};

describe("options", () => {
  it("are accepted in any order, with values as the next argument or after =", () => {
    const options = read("a", "--type", "x,y", "--json", "--type=z", "--from=7", "b");
    expect(options.operands).toEqual(["a", "b"]);
    expect(options.list("type")).toEqual(["x", "y", "z"]);
    expect([options.has("json"), options.count("from", 0), options.text("stream")]).toEqual([true, 7, undefined]);
  });

  it("end at --", () => {
    expect(read("--", "--json").operands).toEqual(["--json"]);
  });

  it.each([
    [["--typ", "x"], "unknown option --typ: did you mean --type?"],
    [["--type"], "--type requires a value: --type <type>"],
    [["--from", "--json"], "--from requires a value: --from <position>"],
    [["--json=1"], "--json takes no value"],
    [["--from", "1", "--from", "2"], "--from is given more than once"],
  ])("are rejected if invalid: %j", (args, message) => {
    expect(errorOf(() => read(...args))).toBe(message);
  });

  it.each(["-1", "1.5", "x", "", "1e3", "99999999999999999999"])("are rejected as a position: %j", (text) => {
    expect(errorOf(() => read(`--from=${text}`).count("from", 0))).toBe(
      `--from must be a whole number of at least 0, not ${JSON.stringify(text)}`,
    );
  });
});

describe("a selection", () => {
  it("names a stream by type and id, which may contain a slash", () => {
    expect(toSelection(read("--stream", "order/a/b"), 0).stream).toEqual({ type: "order", id: "a/b" });
  });

  it("accepts a stream as commands print it, prefixed with its tenant", () => {
    const named = (...args: string[]) => {
      const { tenant, stream } = toSelection(read("--stream", ...args), 0);
      return [tenant, stream?.type, stream?.id];
    };
    expect(named("acme:order/a:b")).toEqual(["acme", "order", "a:b"]);
    expect(named(":order/1")).toEqual(["", "order", "1"]);
    expect(named("order/1")).toEqual([undefined, "order", "1"]);
    expect(named("a:order/1", "--tenant", "")).toEqual(["", "a:order", "1"]);
  });

  it.each(["order", "/x", "order/", "acme:/x"])("rejects %j as a stream", (text) => {
    expect(errorOf(() => toSelection(read("--stream", text), 0))).toBe(
      `expected a stream as type/id, such as order/4711, not ${JSON.stringify(text)}`,
    );
  });
});

describe("times", () => {
  const now = Date.UTC(2026, 10, 26, 8);

  it.each([
    ["2026-11-26", Date.UTC(2026, 10, 26)],
    ["2026-11-26T07:30:00Z", Date.UTC(2026, 10, 26, 7, 30)],
    ["2026-11-26T07:30:00.250+01:00", Date.UTC(2026, 10, 26, 6, 30, 0, 250)],
    ["90s", now - 90_000],
    ["2h", now - 7_200_000],
    ["7d", now - 604_800_000],
  ])("are parsed as people type them: %s", (text, at) => {
    expect(readTime("since", text, now)).toBe(at);
  });

  it.each(["yesterday", "26.11.2026", "2026-13-01", "2 h", ""])("are rejected otherwise: %j", (text) => {
    expect(errorOf(() => readTime("since", text, now))).toMatch(/^--since must be a time such as 2026-11-26,/);
  });

  it.each([
    [12, "12 ms"],
    [59_400, "59 s"],
    [185_000, "3 min 5 s"],
    [7_800_000, "2 h 10 min"],
  ])("are printed as durations: %d", (span, text) => {
    expect(printSpan(span)).toBe(text);
  });
});
