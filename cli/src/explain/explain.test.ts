import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ChangeType } from "@graphql-inspector/core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readAccepted } from "../check/accepted/index.js";
import { catalogue, entryOf, type FindingCode, graphqlCode, wireCode, wireRules } from "../check/findings/index.js";
import { checks } from "../doctor/checks/index.js";
import { main } from "../main.js";
import { readTree, root } from "../project.fixture.js";
import { readPages } from "./pages/index.js";

let out: string[];
let errors: string[];
beforeEach(() => {
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});

/** Prints the page of a code. */
async function explain(code: string): Promise<string> {
  out.length = 0;
  expect(await main(["explain", code], root)).toBe(0);
  return out.join("\n");
}

/** The rules of the installed buf. */
function listRules(): readonly { readonly id: string; readonly purpose: string }[] {
  const args = ["config", "ls-breaking-rules", "--version", "v2", "--include-deprecated", "--format", "json"];
  const { stdout, status } = spawnSync(join(root, "node_modules/.bin/buf"), args, { cwd: root, encoding: "utf8" });
  expect(status).toBe(0);
  const lines = stdout.trim().split("\n");
  return lines.map((line) => JSON.parse(line) as { id: string; purpose: string });
}

/** Every code that a command can print, from where it is defined. */
const codes: readonly string[] = [
  ...readdirSync(join(root, "docs/diagnostics")).map((name) => name.replace(/\.md$/, "")),
  ...Object.keys(catalogue),
  ...listRules().map(({ id }) => wireCode(id)),
  ...[...Object.values(ChangeType), "SCHEMA_REMOVED"].map(graphqlCode),
  ...checks.map(({ name }) => name),
  ...["lost", "hidden", "unclear", "unlisted", "unreadable", "refused"],
  "compile",
];

describe("potter explain", () => {
  it("prints the page of a code of the generator", async () => {
    expect(await explain("unknown-reference")).toMatch(/^# unknown-reference\n[\s\S]*```proto\n/);
  });

  it("prints what a finding of potter check means, an example, what to do, and how to accept it", async () => {
    expect((await explain("rpc-removed")).split("\n")).toEqual([
      "# rpc-removed",
      "",
      "An rpc is gone, or has another name.",
      "",
      "It concerns callers, of all transports. It is breaking: it fails the run.",
      "",
      "For example, `potter check` reports:",
      "",
      "```",
      "breaking rpc-removed: the contract no longer has the rpc shop.OrderService.PlaceOrder",
      "  element: shop.OrderService.PlaceOrder",
      "  effect: its callers fail; commands that schedules, sagas and the outbox have stored for it cannot run",
      "  remedy: keep the rpc and mark it deprecated until nobody calls it",
      "```",
      "",
      "What it means: its callers fail; commands that schedules, sagas and the outbox have stored for it cannot run.",
      "",
      "What to do: keep the rpc and mark it deprecated until nobody calls it.",
      "",
      "How to accept it: if it breaks nothing that exists, a review adds it to `potter.accepted.yaml`, with the element that the report prints. It counts again after the last day.",
      "",
      "```yaml",
      "accepted:",
      "  - code: rpc-removed",
      "    element: shop.OrderService.PlaceOrder",
      "    reason: why nothing that matters fails",
      "    expires: 2027-06-30",
      "```",
    ]);
  });

  it("lists every code that a command can print, each with a sentence", async () => {
    expect(await main(["explain", "--list"], root)).toBe(0);
    expect(out.map((line) => line.split(" ")[0])).toEqual([...codes].sort());
    expect(out.filter((line) => !/^[\w.-]+ {2,}\S.*\.$/.test(line))).toEqual([]);
  });

  it("has a whole page for every code", () => {
    const pages = readPages();
    const texts = codes.map((code) => [code, pages.get(code)?.text ?? ""] as const);
    expect(texts.filter(([code, text]) => !text.startsWith(`# ${code}\n\n`)).map(([code]) => code)).toEqual([]);
    expect(texts.filter(([, text]) => /undefined|\[object|\.\.$|: *$/.test(text)).map(([code]) => code)).toEqual([]);
  });

  it("shows an entry that accepts the finding, unless it fails no run or is about such an entry", () => {
    for (const [code, { text }] of readPages()) {
      const [, yaml] = /```yaml\n(accepted:[\s\S]*?)```/.exec(text) ?? [];
      if (!(code in catalogue)) continue;
      const { severity, surface, example } = entryOf(code as FindingCode);
      if (severity === "compatible" || surface === "acceptances") expect(yaml).toBeUndefined();
      else expect(readAccepted(yaml ?? "", code)).toMatchObject([{ code, element: example[0] }]);
    }
  });

  it("says of each rule of buf what buf says", () => {
    const said = listRules().map(({ id, purpose }) => [id, purpose.replace(/^Checks that (.*)\.$/, "$1")]);
    const written = Object.entries(wireRules);
    expect(written).toEqual(said.map(([id, text = ""]) => [id, text.replace("are have", "have")]).sort());
  });

  it.each([
    [["unknown-referense"], "unknown code unknown-referense: did you mean unknown-reference?"],
    [["rpc-remved"], "unknown code rpc-remved: did you mean rpc-removed?"],
    [["xyz"], "unknown code xyz: potter explain --list lists all codes"],
    [
      ["wire-xyz-of-a-newer-buf"],
      "unknown code wire-xyz-of-a-newer-buf: potter explain --list lists all codes; it may be a rule of buf: https://buf.build/docs/breaking/rules/",
    ],
    [[], "expected one code: potter explain <code>; potter explain --list lists all codes"],
    [["a", "b"], "expected one code: potter explain <code>; potter explain --list lists all codes"],
    [["--list", "a"], "potter explain --list takes no code"],
    [["../../../etc"], "unknown code ../../../etc: potter explain --list lists all codes"],
  ])("refuses %j", async (args, message) => {
    expect(await main(["explain", ...args], root)).toBe(2);
    expect(errors).toEqual([`potter: ${message}`]);
  });

  it("has the pages of the documentation", () => {
    expect(readTree(join(root, "cli/diagnostics"))).toEqual(readTree(join(root, "docs/diagnostics")));
  });
});
