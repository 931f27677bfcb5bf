import { describe, expect, it } from "vitest";
import { commands } from "./commands/index.js";
import { commandGroups, runCli } from "./index.js";
import { fakeTerminal } from "./terminal/fake-terminal.fixture.js";

async function run(...argv: readonly string[]) {
  const terminal = fakeTerminal();
  const code = await runCli(argv, terminal);
  return { code, out: terminal.written, err: terminal.logged };
}

describe("the help of commands", () => {
  it.each([["--help"], ...commands.map(({ name }) => [...name.split(" "), "--help"])])(
    "has lines of at most 80 characters without broken words: %s %s",
    async (...argv) => {
      const { code, out } = await run(...argv);
      expect(code).toBe(0);
      const prose = out.split("Examples:")[0] ?? "";
      expect(Math.max(...prose.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it("shows options in two columns", async () => {
    const { out } = await run("events", "import", "--help");
    expect(out).toBe(`potter events import <file> [options]

Imports the events of an export. Ids, versions and times are kept; events that
already exist are skipped.

Options:
  --dry-run       check the file without importing it
  --app <module>  module that exports the app; default: "potter": { "app": … }
                  in package.json
  --quiet         do not print progress
  --help          print this help

Examples:
  potter events import events.ndjson.gz
  ssh old potter events export | potter events import -
`);
  });

  it("covers the group and the verb of each command, and no other", () => {
    const listed = commandGroups.flatMap(({ name, verbs }) => verbs.map((verb) => `${name} ${verb}`));
    expect([...listed].sort()).toEqual(commands.map(({ name }) => name).sort());
  });
});

describe("unknown commands", () => {
  it.each([
    [[], "potter: missing command: expected events, streams, projections, saga, schedule, subjects, db\n"],
    [["evnts"], "potter: unknown command evnts: did you mean events?\n"],
    [["db"], "potter: missing subcommand of db: expected status, migrate\n"],
    [["db", "stauts"], "potter: unknown command db stauts: did you mean status?\n"],
    [["db", "status", "x"], 'potter: db status expects no operands, not "x"\n'],
  ])("are rejected with what was expected: %j", async (argv, message) => {
    expect(await run(...argv)).toEqual({ code: 2, out: "", err: message });
  });
});
