// Conventions of the repository that no compiler checks.
import { describe, expect, it } from "vitest";
import { findMissing, type Lock } from "../scripts/lock.mjs";
import { listFiles, listSources, readText } from "./sources.js";

/** Files of more than 300 lines, and why each is one file. */
const long: Readonly<Record<string, string>> = {};

describe("source files", () => {
  const sources = [
    ...listSources("runtime/src"),
    ...listSources("client/src"),
    ...listSources("generator/src"),
    ...listSources("cli/src"),
    ...listSources("examples"),
  ];

  it("have at most 300 lines, or a reason for more", () => {
    const lines = (file: string): number => readText(file).trimEnd().split("\n").length;
    expect(sources.filter((file) => lines(file) > 300 && long[file] === undefined)).toEqual([]);
    expect(Object.keys(long).filter((file) => !sources.includes(file) || lines(file) <= 300)).toEqual([]);
  });

  it("do not write to the console, except in the CLI and in examples", () => {
    const silent = sources.filter((file) => !/^(cli\/src\/|examples\/)/.test(file));
    const code = (file: string): string => readText(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(silent.filter((file) => /\bconsole\./.test(code(file)))).toEqual([]);
  });

  it("are named in kebab-case by the noun they hold", () => {
    const name = (file: string): string => file.slice(file.lastIndexOf("/") + 1);
    expect(sources.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name(file)))).toEqual([]);
    expect(sources.filter((file) => /^(utils?|helpers?|common|manager|impl|misc)\b/.test(name(file)))).toEqual([]);
  });
});

describe("lock files", () => {
  const locks = listFiles("").filter((file) => file.endsWith("package-lock.json"));
  const lack = (text: string): string[] => findMissing(JSON.parse(text) as Lock).map(({ path }) => path);

  it("exist and name no registry", () => {
    expect(locks).toContain("package-lock.json");
    expect(locks.filter((file) => /"resolved": "https?:/.test(readText(file)))).toEqual([]);
  });

  it("contain the packages of all platforms, as npm ci requires: run npm run lock", () => {
    expect(locks.flatMap((file) => lack(readText(file)))).toEqual([]);
  });

  it("are incomplete without an optional package", () => {
    const optionalDependencies = { "tool-linux-x64-musl": "1.0.0" };
    expect(lack(JSON.stringify({ packages: { "": { optionalDependencies } } }))).toEqual([
      "node_modules/tool-linux-x64-musl",
    ]);
  });
});

describe("the README", () => {
  const commands = [...readText("README.md").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) =>
    (match[1] ?? "").trim(),
  );
  const scripts = (JSON.parse(readText("package.json")) as { scripts: Record<string, string> }).scripts;

  it("begins with two commands, one to see and one to test", () => {
    expect(commands.slice(0, 2)).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
  });

  it("shows commands that CI runs", () => {
    const ci = readText(".ci/run");
    for (const command of ["npm ci", "npm run demo", "npm test"]) expect(ci).toContain(`step ${command}`);
  });

  it("wraps lines of Markdown at 120 characters, but for tables, headings and code", () => {
    const documents = listFiles("").filter((file) => /^(?!fixtures\/|api\/).*\.md$/.test(file));
    const long = documents.flatMap((file) => {
      let isCode = false;
      return readText(file)
        .split("\n")
        .flatMap((line, at) => {
          if (/^\s*```/.test(line)) isCode = !isCode;
          return isCode || line.length <= 120 || /^\s*[|#<]/.test(line) ? [] : [`${file}:${at + 1}`];
        });
    });
    expect(long).toEqual([]);
  });

  it("leads from every guide and concept to the glossary", () => {
    const pages = [...listFiles("docs/guides"), ...listFiles("docs/concepts")];
    expect(pages.filter((file) => !readText(file).includes("](../glossary.md)"))).toEqual([]);
    expect(pages.length).toBeGreaterThan(15);
  });

  it("links only to existing files", () => {
    const documents = listFiles("").filter((file) => file.endsWith(".md") && !file.startsWith("fixtures/"));
    const files = new Set(listFiles(""));
    const isThere = (path: string): boolean =>
      files.has(path) || [...files].some((file) => file.startsWith(`${path}/`));
    const broken = documents.flatMap((document) =>
      [...readText(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? "")
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !isThere(new URL(link, `file:///${document}`).pathname.slice(1).replace(/\/$/, "")))
        .map((link) => `${document} → ${link}`),
    );
    expect(broken).toEqual([]);
  });
});
