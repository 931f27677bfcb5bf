import { afterEach, describe, expect, it, vi } from "vitest";
import { defineHelp, listEntries, parseArguments } from "./index.js";

const help = defineHelp({
  usage: "potter x [folder] [options]",
  purpose: "Tests.",
  words: { most: 1 },
  options: {
    "dry-run": { kind: "flag", summary: "write nothing", short: "n" },
    scaffold: { kind: "toggle", off: "leave files as they are", on: "insert stubs" },
    out: { kind: "text", value: "<file>", summary: "the file", default: "x.md" },
    from: { kind: "text", value: "<id>", summary: "the first", otherwise: "the oldest" },
    ignore: { kind: "text", value: "<folder>", summary: "a folder to ignore", many: true },
    format: { kind: "choice", value: "<name>", summary: "the format", choices: ["text", "json"], default: "text" },
    only: { kind: "list", value: "<parts>", summary: "some", choices: ["a", "b", "c"], otherwise: "all" },
  },
  examples: [],
});
const parse = (...argv: readonly string[]) => parseArguments(argv, help);

describe("the arguments of a command", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("have their defaults, and exact types", async () => {
    const { values, words } = await parse();
    const typed: {
      readonly dryRun: boolean;
      readonly scaffold: boolean | undefined;
      readonly out: string;
      readonly from: string | undefined;
      readonly ignore: readonly string[];
      readonly format: "text" | "json";
      readonly only: readonly ("a" | "b" | "c")[] | undefined;
    } = values;
    expect(typed).toEqual({ dryRun: false, out: "x.md", ignore: [], format: "text" });
    expect(words).toEqual([]);
  });

  it("are read as typed, the last one of an option that cannot be repeated", async () => {
    const typed = ["-n", "--no-scaffold", "--out=007", "--out", "ä b", "--ignore", "a", "dir", "--ignore=b"];
    expect(await parse(...typed, "--format", "json", "--only", "c, a")).toEqual({
      values: {
        dryRun: true,
        scaffold: false,
        out: "ä b",
        from: undefined,
        ignore: ["a", "b"],
        format: "json",
        only: ["a", "c"],
      },
      words: ["dir"],
    });
  });

  it.each([
    [["--dryrun"], "unknown option --dryrun: did you mean --dry-run? potter x --help lists the options"],
    [["--out"], "--out needs a value: potter x --help lists the options"],
    [["--out="], "--out needs a value: potter x --help lists the options"],
    [["--out", ""], "--out needs a value: potter x --help lists the options"],
    [["--ignore", "a", "--ignore", ""], "--ignore needs a value: potter x --help lists the options"],
    [["--no-out"], "unknown option --no-out: --out takes a value"],
    [["--format", "yaml"], "--format yaml: expected one of text, json"],
    [["--only", "a,d"], "--only d: expected some of a, b, c"],
    [["a", "b"], "unexpected argument b: expected potter x [folder] [options]"],
  ])("are refused with what is valid: %j", async (argv, message) => {
    await expect(parse(...argv)).rejects.toMatchObject({ message, exitCode: 2 });
  });

  it("are refused in English, whatever the language of the user", async () => {
    vi.stubEnv("LC_ALL", "de_DE.UTF-8");
    await expect(parse("--ouut", "a")).rejects.toThrow("unknown option --ouut: did you mean --out?");
  });

  it("end at the first word if another command reads the rest", async () => {
    const argv = ["-n", "db", "--out", "-x"];
    const { values, words } = await parseArguments(argv, help, { endsAtWord: true });
    expect([values.dryRun, words]).toEqual([true, ["db", "--out", "-x"]]);
  });

  it("are listed in the help with their values and defaults", () => {
    expect(listEntries(help.options).map(({ name, summary }) => `${name} | ${summary}`)).toEqual([
      "-n, --dry-run | write nothing",
      "--no-scaffold | leave files as they are",
      "--scaffold | insert stubs",
      "--out <file> | the file; default: x.md",
      "--from <id> | the first; default: the oldest",
      "--ignore <folder> | a folder to ignore; can be repeated",
      "--format <name> | the format: text, json; default: text",
      "--only <parts> | some: a, b, c; default: all",
    ]);
  });
});
