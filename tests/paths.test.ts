// The paths in docs/architecture.md: every file exists, and a REST command executes exactly the listed ones.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { root } from "./sources.js";

const run = promisify(execFile);
const page = readFileSync(join(root, "docs/architecture.md"), "utf8");

/** The files that a section lists, in its order. */
function filesOf(title: string): readonly string[] {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${title}\n`)) ?? "";
  return [...section.matchAll(/`((?:runtime|generator)\/src\/[\w./-]+\.ts)`/g)].map(([, file]) => file as string);
}

describe("the paths in docs/architecture.md", () => {
  it.each(["The path of a REST command", "The path of an event to a row", "The path of a proto file to a document"])(
    "list files that exist: %s",
    (title) => {
      const files = filesOf(title);
      expect(files.length).toBeGreaterThan(5);
      expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    },
  );

  it("list the files that a REST command executes, at most 26", async () => {
    const { stdout } = await run(process.execPath, [join(root, "tests/executed-files.mjs")]);
    // Below the path: compiled codecs and rules, which the generated code determines.
    const executed = (JSON.parse(stdout) as string[]).filter((file) => !/src\/(async|message|validation)\//.test(file));
    expect([...filesOf("The path of a REST command")].sort()).toEqual(executed);
    expect(executed.length).toBeLessThanOrEqual(26);
  });
});
