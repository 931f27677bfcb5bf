import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listFlags } from "./arguments/index.js";
import { commands } from "./commands.js";
import { printCommandHelp } from "./help.js";
import { root } from "./project.fixture.js";

const guides = join(root, "docs/guides");
const text = readdirSync(guides)
  .map((name) => join(guides, name))
  .concat(join(root, "docs/getting-started.md"))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");
const commandLine = readFileSync(join(guides, "command-line.md"), "utf8");

describe.each(commands.map(({ name, load }) => [name, load] as const))("the help of potter %s", (name, load) => {
  it("has a purpose, examples and lines that fit", async () => {
    const { help } = await load();
    expect(help.usage).toMatch(new RegExp(`^potter ${name}( |$)`));
    expect(help.purpose).toMatch(/^[A-Z].*\.$/s);
    expect(help.examples.length).toBeGreaterThan(0);
    for (const width of [60, 80, 120]) {
      // An example is a line to copy, so it is not broken.
      const lines = printCommandHelp(help, width)
        .split("\n")
        .filter((line) => !/^ {2}\S/.test(line));
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  it("has only options and words that guides explain", async () => {
    const { help } = await load();
    const missing = listFlags(help.options)
      .map((flag) => flag.text)
      .filter((flag) => flag.startsWith("--") && !text.includes(flag));
    expect(missing).toEqual([]);
    const listed = [...commandLine.matchAll(/^\| `potter (\w+)`/gm)].map(([, command]) => command);
    expect(listed).toContain(name);
  });
});
