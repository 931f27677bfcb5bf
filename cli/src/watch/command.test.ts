import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { contract, createProject, potterBin, type TestProject } from "../project.fixture.js";
import { limit } from "./watcher.fixture.js";

let project: TestProject;
let out: string[];
let errors: string[];
beforeEach(() => {
  project = createProject();
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
afterEach(() => project.delete());

const account = "proto/bank/v1/account.proto";

describe("potter watch", () => {
  it.each([
    [
      "an unknown option",
      ["--pol"],
      "potter: unknown option --pol: did you mean --poll? potter watch --help lists the options",
    ],
    [
      "an argument without --",
      ["node"],
      "potter: unexpected argument node: expected potter watch [options] [-- command]",
    ],
    ["no command after --", ["--"], "potter: a command must follow --: potter watch -- <command>"],
    ["a template that is missing", ["--template", "x.yaml"], /has no x\.yaml, which says what to generate/],
    ["a folder that is missing", ["--cwd", "nowhere"], /nowhere is not a folder/],
  ])("refuses %s", async (_, args, message) => {
    expect(await main(["watch", ...args], project.folder)).toBe(2);
    expect(errors).toEqual([typeof message === "string" ? message : expect.stringMatching(message)]);
  });

  it("prints help with examples in lines of at most 80 characters", async () => {
    expect(await main(["watch", "--help"], project.folder)).toBe(0);
    const lines = out.join("\n").split("\n");
    expect(lines[0]).toBe("potter watch [options] [-- command]");
    expect(lines).toContain("  potter watch -- node --import tsx src/main.ts");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it("prints a few lines for each change, with excerpts of errors, and ends with 0 by Ctrl-C", async () => {
    project.write("main.mjs", `console.log("server is up"); setInterval(() => {}, 1000);\n`);
    const args = [potterBin, "watch", "--no-scaffold", "--", "node", "main.mjs"];
    const child = spawn(process.execPath, args, { cwd: project.folder, stdio: "pipe" });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const closed = once(child, "close");
    const idle = (count: number) =>
      expect.poll(() => text.split("watch: waiting for changes\n").length - 1, { timeout: limit }).toBe(count);
    await idle(1);
    await expect.poll(() => text, { timeout: limit }).toContain("server is up");
    const first = contract[account] ?? "";
    project.write(account, first.replace('emits: "AccountOpened"', 'emits: "AccountOpend"'));
    await idle(2);
    project.write(account, first.replace("string owner = 1;", "string owner = 1; string note = 3;"));
    await idle(3);
    await expect.poll(() => text.split("server is up").length, { timeout: limit }).toBe(3);
    child.kill("SIGINT");
    expect((await closed)[0]).toBe(0);
    const lines = text.split("\n").filter((line) => line !== "server is up");
    expect(lines.map((line) => line.replace(/\d+ ms$/, "9 ms"))).toEqual([
      "watch: generating",
      "generated 6 files, 6 changed, 9 ms",
      "in this process: protoc-gen-es, protoc-gen-potter-cqrs",
      "watch: started node main.mjs",
      "watch: waiting for changes",
      `watch: ${account} changed, generating`,
      `${account}:13:56: error unknown-reference: cannot find an event named "AccountOpend" in this scope`,
      `    option (potter.v1.command) = {creates: true emits: "AccountOpend"};`,
      "                                                       ^^^^^^^^^^^^^^",
      `  hint: did you mean "AccountOpened"?`,
      "watch: nothing was written",
      "watch: waiting for changes",
      `watch: ${account} changed, generating`,
      expect.stringMatching(/^generated 6 files, \d changed, 9 ms$/),
      "watch: started node main.mjs",
      "watch: waiting for changes",
      "watch: ended",
      "",
    ]);
  });
});
