import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commands } from "./commands.js";
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

  /** Installs a @potter/runtime with the given subpaths in the folder. */
  const installRuntime = (subpaths: Readonly<Record<string, string>>): void => {
    const runtime = join(folder, "node_modules/@potter/runtime");
    mkdirSync(runtime, { recursive: true });
    const exports = Object.fromEntries(Object.keys(subpaths).map((name) => [`./${name}`, `./${name}.js`]));
    writeFileSync(join(runtime, "package.json"), JSON.stringify({ type: "module", exports }));
    for (const [name, text] of Object.entries(subpaths)) writeFileSync(join(runtime, `${name}.js`), text);
  };

  /** A runtime of a later release, with groups of commands that this package has never heard of. */
  const laterRuntime = `
    export const commandGroups = [
      { name: "events", summary: "show events" },
      { name: "sagas", summary: "list, inspect, retry and compensate the instances of sagas, with their timers and steps" },
    ];
    export const runCli = async (argv) => { globalThis.received = argv; return 7; };
  `;

  it("lists its own commands and the groups of the installed runtime", async () => {
    installRuntime({ cli: laterRuntime });
    expect(await main(["--help"], folder)).toBe(0);
    const own = commands.map(({ name, summary }) => `  ${name.padEnd(14)}  ${summary}`).join("\n");
    expect(own).toContain("  lock            record the contract");
    expect(out.join("\n")).toBe(`potter <command> [options]

Maintains contracts, generates code, and operates services that run on
@potter/runtime.

Commands:
${own}

Commands for services:
  events          show events
  sagas           list, inspect, retry and compensate the instances of sagas,
                  with their timers and steps

Options:
  -h, --help      print this help, or the help of a command
  -v, --version   print the version of @potter/cli
  --cwd <folder>  run in this folder instead of the current one

Run potter <command> --help for the options of a command.`);
  });

  it("names the remedy in its help if no runtime is installed", async () => {
    expect(await main(["--help"], folder)).toBe(0);
    const text = out.join("\n");
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      `Commands for services: commands for services come with @potter/runtime, which is not installed in ${folder}: ` +
        "run potter in the folder of your service, or npm install @potter/runtime Options:",
    );
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("explains in its help that a runtime does not list its commands", async () => {
    installRuntime({ cli: "export const runCli = async () => 0;" });
    expect(await main(["--help"], folder)).toBe(0);
    expect(out.join("\n")).toContain("does not list its commands");
  });

  it("prints its help without a command, and fails", async () => {
    expect(await main([], folder)).toBe(2);
    expect(out.join("\n")).toMatch(/^potter <command> /);
  });

  it("prints its version", async () => {
    expect(await main(["--version"], folder)).toBe(0);
    expect(out).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  });

  it.each([...commands.map(({ name }) => name), "events"])("refuses a --cwd that is no folder: %s", async (name) => {
    expect(await main([name, "--cwd", "nö folder"], folder)).toBe(name === "events" ? 1 : 2);
    expect(await main(["--cwd", "nö folder", name], folder)).toBe(2);
    expect(errors.at(-1)).toBe(
      `potter: ${join(folder, "nö folder")} is not a folder: name the folder of your project by --cwd`,
    );
  });

  it("rejects unknown options", async () => {
    expect(await main(["--verbos"], folder)).toBe(2);
    expect(errors).toEqual([
      "potter: unknown option --verbos: did you mean --version? potter --help lists the options",
    ]);
  });

  it("hands a command group of a later runtime over, as typed, and returns its exit code", async () => {
    installRuntime({ cli: laterRuntime });
    const argv = ["sagas", "list", "--help", "--from", "007", "--", "-x"];
    expect(await main(argv, folder)).toBe(7);
    expect(Reflect.get(globalThis, "received")).toEqual(argv);
  });

  it("hands any unknown command over to a runtime that does not list its groups", async () => {
    installRuntime({ cli: "export const runCli = async (argv) => { globalThis.received = argv; return 2; };" });
    expect(await main(["anything", "--at", "all"], folder)).toBe(2);
    expect(Reflect.get(globalThis, "received")).toEqual(["anything", "--at", "all"]);
  });

  it.each([
    ["evnts", "potter: unknown command evnts: did you mean events?"],
    ["lokc", "potter: unknown command lokc: did you mean lock?"],
    ["xyz", `potter: unknown command xyz: expected ${commands.map(({ name }) => name).join(", ")}, events, sagas`],
  ])("suggests a command of its own or of the runtime: %s", async (command, message) => {
    installRuntime({ cli: laterRuntime });
    expect(await main([command, "tail"], folder)).toBe(2);
    expect(errors).toEqual([message]);
  });

  it("suggests its own commands without a runtime", async () => {
    expect(await main(["lokc"], folder)).toBe(2);
    expect(errors).toEqual(["potter: unknown command lokc: did you mean lock?"]);
  });

  it("names the remedy if no runtime is installed", async () => {
    expect(await main(["db", "status"], folder)).toBe(1);
    expect(errors).toEqual([
      `potter: commands for services come with @potter/runtime, which is not installed in ${folder}: ` +
        "run potter in the folder of your service, or npm install @potter/runtime",
    ]);
  });

  it.each([
    ["has no such subpath", { node: "" }],
    ["exports something else there", { cli: "export const run = 1;" }],
  ])("names the remedy if the runtime is too old: it %s", async (_, subpaths) => {
    installRuntime(subpaths);
    expect(await main(["db", "status"], folder)).toBe(1);
    expect(errors).toEqual([
      `potter: the @potter/runtime installed in ${folder} does not provide @potter/runtime/cli: ` +
        "npm install @potter/runtime@latest",
    ]);
  });
});
