import { afterEach, expect, it, vi } from "vitest";
import type { ScaffoldOutcome } from "../scaffold/index.js";
import { createOutput } from "./output.js";

afterEach(() => vi.restoreAllMocks());

it("prints what is to do by hand once, and counts it as long as it is so", () => {
  const out: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  const print = createOutput(false);
  const note = { kind: "lost", element: "x", place: undefined, message: "x", paste: [] } as const;
  for (const notes of [[note], [note], []]) {
    const scaffold: ScaffoldOutcome = {
      result: { isDryRun: false, changed: [], created: [], notes, diff: "" },
      print: () => Promise.resolve(""),
      toJson: () => ({}),
    };
    const report = {
      folder: "/",
      plans: [],
      foreign: [],
      diagnostics: [],
      runs: [],
      notes: [],
      scaffold,
      milliseconds: 1,
    };
    print({ event: "generated", report, scaffold: notes.length > 0 ? "src/a.ts:1:1: lost: x\n" : "", phases: [] });
  }
  const none = "generated 0 files, nothing changed";
  expect(out.map((text) => text.split("\n").filter((line) => line !== ""))).toEqual([
    [`${none}, 1 to do by hand, 1 ms`, "src/a.ts:1:1: lost: x"],
    [`${none}, 1 to do by hand, 1 ms`],
    [`${none}, 1 ms`],
  ]);
});

it("names what starts a command again that has ended by itself", () => {
  const out: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  const print = createOutput(false);
  const command = "node main.mjs";
  print({ event: "started", command, pid: 1, changed: [] });
  print({ event: "watching" });
  print({ event: "exited", command, code: 1, signal: null });
  print({ event: "started", command, pid: 2, changed: ["src/app.ts", "src/books.ts"] });
  print({ event: "watching" });
  expect(out.flatMap((text) => text.split("\n"))).toEqual([
    "watch: started node main.mjs",
    "watch: waiting for changes",
    "watch: node main.mjs ended with exit code 1; it is started again at the next change",
    "watch: src/app.ts and 1 more changed",
    "watch: started node main.mjs",
    "watch: waiting for changes",
  ]);
});
