import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "./main.js";

describe("the command potter", () => {
  let folder: string;
  let out: string[];
  let errors: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "potter-cli-"));
    out = [];
    errors = [];
    vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
    vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A @potter/runtime in the folder, with the subpaths that are given. */
  const installRuntime = (subpaths: Readonly<Record<string, string>>): void => {
    const runtime = join(folder, "node_modules/@potter/runtime");
    mkdirSync(runtime, { recursive: true });
    const exports = Object.fromEntries(Object.keys(subpaths).map((name) => [`./${name}`, `./${name}.js`]));
    writeFileSync(join(runtime, "package.json"), JSON.stringify({ type: "module", exports }));
    for (const [name, text] of Object.entries(subpaths)) writeFileSync(join(runtime, `${name}.js`), text);
  };

  it("says what it can do", async () => {
    expect(await main(["--help"], folder)).toBe(0);
    expect(out.join("\n")).toMatch(/potter events .*potter db /s);
  });

  it("says what it can do when nothing is asked for, which is no success", async () => {
    expect(await main([], folder)).toBe(2);
    expect(out.join("\n")).toMatch(/potter events /);
  });

  it("says its version", async () => {
    expect(await main(["--version"], folder)).toBe(0);
    expect(out).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  });

  it("suggests a command for one that there is not", async () => {
    expect(await main(["evnts", "tail"], folder)).toBe(2);
    expect(errors).toEqual(["potter: there is no command evnts: did you mean events?"]);
  });

  it("refuses options that it does not know", async () => {
    expect(await main(["--verbos"], folder)).toBe(2);
    expect(errors).toEqual(["potter: Unknown argument: verbos"]);
  });

  it("hands over what follows the command as it was typed, and gives the exit code back", async () => {
    installRuntime({ cli: "export const runCli = async (argv) => { globalThis.handed = argv; return 7; };" });
    const argv = ["events", "tail", "--help", "--from", "007", "--", "-x"];
    expect(await main(argv, folder)).toBe(7);
    expect(Reflect.get(globalThis, "handed")).toEqual(argv);
  });

  it("says where the runtime is missing", async () => {
    expect(await main(["db", "status"], folder)).toBe(1);
    expect(errors).toEqual([
      `potter: this command is carried out by @potter/runtime, which is not installed in ${folder}: ` +
        "run it in the folder of your service, or npm install @potter/runtime",
    ]);
  });

  it.each([
    ["has no such subpath", { node: "" }],
    ["exports something else there", { cli: "export const run = 1;" }],
  ])("says where the runtime is of another version: it %s", async (_, subpaths) => {
    installRuntime(subpaths);
    expect(await main(["db", "status"], folder)).toBe(1);
    expect(errors).toEqual([
      `potter: the @potter/runtime that is installed in ${folder} has no @potter/runtime/cli: update it`,
    ]);
  });
});
