import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { docsUrl } from "./docs-url.js";
import { root } from "./project.fixture.js";

const sources = ["cli/src", "generator/src", "runtime/src", "create-potter/bin"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[jt]s$/.test(name) && !/\.(?:test|fixture)\.ts$/.test(name))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), "utf8") })),
);

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

it("messages link to pages and headings that exist, in the repository of the package", () => {
  const { homepage } = JSON.parse(readFileSync(join(root, "cli/package.json"), "utf8")) as {
    readonly homepage: string;
  };
  expect(docsUrl("").startsWith(homepage.slice(0, homepage.indexOf("/tree/")))).toBe(true);
  const pages = sources.flatMap(({ text }) => [...text.matchAll(/docsUrl\("([^"]+)"\)/g)].map(([, page = ""]) => page));
  expect(pages.length).toBeGreaterThan(2);
  for (const page of pages) {
    const [path = "", anchor] = page.split("#");
    const file = join(root, "docs", path);
    expect([page, existsSync(file)]).toEqual([page, true]);
    const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      anchorOf(heading),
    );
    if (anchor !== undefined) expect(headings).toContain(anchor);
  }
});

it("no message names a file of the documentation by its path in the repository, which users do not have", () => {
  const named = sources.flatMap(({ name, text }) =>
    text
      .split("\n")
      .filter((line) => /["'`].*(?<!\/)\bdocs\/[\w-]+(?:\/[\w-]+)*\.md/.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(named).toEqual([]);
});
