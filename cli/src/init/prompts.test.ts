// What potter init asks, and when: only on a terminal, and only if no option is given.
import { realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createWorkbench, type Workbench } from "./init.fixture.js";

const cancelled = Symbol("cancel");
const asked: string[] = [];
let answers: unknown[] = [];

vi.mock("@clack/prompts", () => {
  const ask = ({ message }: { readonly message: string }): Promise<unknown> => {
    asked.push(message);
    return Promise.resolve(answers.shift());
  };
  return {
    text: ask,
    select: ask,
    multiselect: ask,
    confirm: ask,
    isCancel: (answer: unknown) => answer === cancelled,
  };
});

const streams = [process.stdin, process.stdout];
const before = streams.map(({ isTTY }) => isTTY);
let bench: Workbench;

beforeEach(() => {
  bench = createWorkbench();
  asked.length = 0;
  for (const stream of streams) stream.isTTY = true;
  vi.stubEnv("CI", undefined);
});
afterEach(() => {
  streams.forEach((stream, at) => {
    stream.isTTY = before[at] ?? false;
  });
  vi.unstubAllEnvs();
  bench.delete();
});

const questions = [
  "Folder of the service",
  "Where are the events kept?",
  "What is generated besides the code?",
  "Which library generates the messages?",
];

it("asks for folder, store, targets and messages, and takes the answers", async () => {
  answers = ["shop", "memory", ["saga"], "ts-proto"];
  expect(await bench.potter("init")).toMatchObject({ code: 0 });
  expect(asked).toEqual(questions);
  expect(bench.tree("shop")["src/app.ts"]).toContain("store: memory()");
  expect(bench.tree("shop")["buf.gen.yaml"]).toContain("opt: [targets=cqrs+saga, messages=ts-proto]");
});

it("does not ask for a folder that is named", async () => {
  answers = ["pglite", [], "es"];
  await bench.potter("init", "shop");
  expect(asked).toEqual(questions.slice(1));
  expect(bench.tree("shop")["buf.gen.yaml"]).toContain("opt: [targets=cqrs]");
});

it.each([[["--yes"]], [["--store", "memory"]], [["name=shop"]]])("asks nothing with the option %j", async (flags) => {
  expect(await bench.potter("init", "shop", ...flags)).toMatchObject({ code: 0 });
  expect(asked).toEqual([]);
});

it.each([0, 1, 2, 3])("writes nothing if question %i is cancelled", async (at) => {
  answers = ["shop", "memory", ["saga"], "es"].map((answer, index) => (index === at ? cancelled : answer));
  expect(await bench.potter("init")).toMatchObject({ code: 1, errors: "potter: cancelled: nothing was written" });
  expect(asked).toHaveLength(at + 1);
  expect(bench.tree()).toEqual({});
});

it("does not ask for choices where the folder is refused", async () => {
  bench.write("shop/README.md", "mine\n");
  expect(await bench.potter("init", "shop")).toMatchObject({ code: 1 });
  expect(asked).toEqual([]);
});

it("asks before it writes into a project that uses buf, and follows a link to a file", async () => {
  bench.write("shared/buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
  symlinkSync(join(bench.folder, "shared/buf.yaml"), join(bench.folder, "buf.yaml"));
  answers = [false];
  expect(await bench.potter("init", ".")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/nothing was written$/),
  });
  expect(Object.keys(bench.tree())).toEqual(["shared/buf.yaml"]);
  answers = [true];
  expect(await bench.potter("init", ".")).toMatchObject({ code: 0 });
  expect(asked).toEqual(["Write these changes?", "Write these changes?"]);
  expect(bench.tree()["shared/buf.yaml"]).toContain("node_modules/@potter/generator/proto");
  expect(realpathSync(join(bench.folder, "buf.yaml"))).toBe(realpathSync(join(bench.folder, "shared/buf.yaml")));
});
