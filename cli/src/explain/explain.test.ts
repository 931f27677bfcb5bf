import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { readTree, root } from "../project.fixture.js";

let out: string[];
let errors: string[];
beforeEach(() => {
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});

const codes = readdirSync(join(root, "docs/diagnostics")).map((name) => name.replace(/\.md$/, ""));

it("prints the page of a code", async () => {
  expect(await main(["explain", "unknown-reference"], root)).toBe(0);
  expect(out.join("\n")).toMatch(/^# unknown-reference\n[\s\S]*```proto\n/);
});

it("lists all codes, each with a sentence", async () => {
  expect(await main(["explain", "--list"], root)).toBe(0);
  expect(out.map((line) => line.split(" ")[0])).toEqual([...codes].sort());
  expect(out.filter((line) => !/^[\w-]+ {2,}\S.*\.$/.test(line))).toEqual([]);
});

it.each([
  [["unknown-referense"], "unknown code unknown-referense: did you mean unknown-reference?"],
  [["xyz"], "unknown code xyz: potter explain --list lists all codes"],
  [["compile"], "compile is an error of the compiler buf, whose message is all that is known about it"],
  [[], "expected one code: potter explain <code>; potter explain --list lists all codes"],
  [["a", "b"], "expected one code: potter explain <code>; potter explain --list lists all codes"],
  [["--list", "a"], "potter explain --list takes no code"],
  [["../package"], "unknown code ../package: potter explain --list lists all codes"],
])("refuses %j", async (args, message) => {
  expect(await main(["explain", ...args], root)).toBe(2);
  expect(errors).toEqual([`potter: ${message}`]);
});

it("has the pages of the documentation", () => {
  expect(readTree(join(root, "cli/diagnostics"))).toEqual(readTree(join(root, "docs/diagnostics")));
});
