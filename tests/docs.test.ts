// The examples in the documents parse, compile and generate. conventions.test.ts checks that links lead to files.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { transform } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { listFiles, readText, root } from "./sources.js";

interface Block {
  /** File and line, for messages. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document. */
function readBlocks(file: string): readonly Block[] {
  const text = readText(file);
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = "", 2: block = "", index }) => ({
    place: `${file}:${text.slice(0, index).split("\n").length}`,
    language,
    text: block,
  }));
}

/** The anchors that GitHub derives from the headings of a document. */
function readAnchors(text: string): ReadonlySet<string> {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) => {
      const plain = heading.replaceAll(/[`*]|\[|\]\([^)]*\)/g, "").toLowerCase();
      return plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    }),
  );
}

/** The links of a document to a heading, with the document that must have it. */
function readAnchorLinks(file: string): readonly { readonly document: string; readonly anchor: string }[] {
  return [...readText(file).matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)].map(([, path = "", anchor = ""]) => ({
    document: path === "" ? file : join(dirname(file), path),
    anchor,
  }));
}

const guides = [
  "README.md",
  ...listFiles("docs/guides"),
  ...listFiles("examples").filter((file) => file.endsWith(".md")),
];
const blocks = guides.flatMap(readBlocks);
const inLanguage = (language: string): readonly Block[] => blocks.filter((block) => block.language === language);

describe("links to headings", () => {
  const documents = listFiles("").filter((file) => file.endsWith(".md"));

  it("lead to headings that exist", () => {
    const broken = documents.flatMap((file) =>
      readAnchorLinks(file)
        .filter(({ document, anchor }) => !readAnchors(readText(document)).has(anchor))
        .map(({ document, anchor }) => `${file} → ${document}#${anchor}`),
    );
    expect(broken).toEqual([]);
    expect(documents.flatMap(readAnchorLinks).length).toBeGreaterThan(20);
  });

  it("use the anchors of GitHub", () => {
    const text = "# The `read` that loses nothing\n\n```sh\n# no heading\n```\n\n## Path, query, body\n";
    expect([...readAnchors(text)]).toEqual(["the-read-that-loses-nothing", "path-query-body"]);
  });
});

describe("TypeScript in the guides", () => {
  it.each(inLanguage("ts").map(({ place, text }) => [place, text]))("parses: %s", async (_, text) => {
    const { code, warnings } = await transform(text, { loader: "ts", format: "esm", target: "es2023" });
    expect(warnings.map((warning) => warning.text)).toEqual([]);
    expect(code.trim()).not.toBe("");
  });
});

/** Guides whose code is run, with the files that contain it: tests, or files that a test runs. */
const run: Readonly<Record<string, readonly string[]>> = {
  "docs/guides/clients.md": ["examples/shop/src/guides/clients.test.ts", "interop/client/order-page.tsx"],
  "docs/guides/event-sourcing.md": ["examples/shop/src/guides/event-sourcing.test.ts"],
  "docs/guides/connect.md": ["examples/shop/src/guides/connect.test.ts"],
  "docs/guides/fsm.md": ["examples/shop/src/guides/fsm.test.ts"],
  "docs/guides/graphql.md": ["examples/shop/src/guides/graphql.test.ts", "interop/graphql/servers.mjs"],
  "docs/guides/grpc.md": [
    "examples/shop/src/guides/grpc.test.ts",
    "examples/shop/src/guides/streamed-orders.fixture.ts",
  ],
  "docs/guides/reactions-and-schedules.md": ["examples/shop/src/guides/reactions-and-schedules.test.ts"],
  "docs/guides/sagas.md": ["examples/shop/src/checkout.ts", "examples/shop/src/guides/sagas.test.ts"],
  "docs/guides/schema-evolution.md": ["tests/stored-events/app.ts", "tests/stored-events/stored-events.ts"],
  "docs/guides/waiting.md": ["examples/shop/src/guides/waiting.test.ts"],
  "docs/guides/websocket.md": [
    "examples/shop/src/guides/websocket.test.ts",
    "examples/shop/src/guides/streaming-orders.fixture.ts",
    ...["deno", "bun", "workerd"].map((name) => `interop/platforms/${name}.ts`),
  ],
  "docs/guides/projections.md": ["examples/shop/src/guides/projections.test.ts", "examples/shop/src/order-views.ts"],
};

describe("TypeScript in guides that tests run", () => {
  const strip = (text: string): string => text.replaceAll(/^[ \t]+|[ \t]+$/gm, "");
  /** Imports one by one, since a file may have more between them and more in them. Those of a project's own files are its own. */
  const apart = (paragraph: string): readonly string[] => {
    const lines = paragraph.split("\n");
    if (!lines.every((line) => line.startsWith("import "))) return [paragraph];
    return lines.filter((line) => !/ from "\.{1,2}\//.test(line));
  };
  const isImported = (line: string, source: string): boolean => {
    const read = (text: string) => [...text.matchAll(/import \{ (.*) \} from (".*");/g)];
    const [, names = "", from = ""] = read(line)[0] ?? [];
    const there =
      read(source)
        .find((found) => found[2] === from)?.[1]
        ?.split(", ") ?? [];
    return names.split(", ").every((name) => there.includes(name));
  };
  /** The paragraphs of a guide's code that none of the files contains, whatever their indentation. */
  const findUnrun = (shown: readonly string[], files: readonly string[]): readonly string[] => {
    const sources = files.map((file) => `\n${strip(file)}\n`);
    const paragraphs = shown.flatMap((text) => strip(text).trim().split(/\n\n+/)).flatMap(apart);
    const isIn = (paragraph: string) => (source: string) =>
      source.includes(`\n${paragraph}\n`) || isImported(paragraph, source);
    return paragraphs.filter((paragraph) => !sources.some(isIn(paragraph)));
  };

  it.each(Object.entries(run))("is what %s shows", (guide, files) => {
    const shown = readBlocks(guide).filter(({ language }) => /^(ts|typescript)$/.test(language));
    expect(findUnrun(shown.map(({ text }) => text), files.map(readText))).toEqual([]); // biome-ignore format: one line
    expect(shown.length).toBeGreaterThan(3);
  });

  it("that no file contains is reported", () => {
    const files = ["  const a = 1;\n  const b = a;\n"];
    expect(findUnrun(["const a = 1;\n\nconst b = a;\n", "const a = 2;\n", "const a\n"], files)).toEqual([
      "const a = 2;",
      "const a",
    ]);
    const imports = ['import { a, b } from "x";\nimport { c } from "./c.js";\n', 'import { a } from "x";\n'];
    expect(findUnrun(imports, ['import { a } from "x";\nimport { b } from "y";\n'])).toEqual([
      'import { a, b } from "x";',
    ]);
    expect(findUnrun(imports, ['import { d, a, b } from "x";\n'])).toEqual([]);
  });
});

describe("JSON in the guides", () => {
  it.each(inLanguage("json").map(({ place, text }) => [place, text]))("is problem+json: %s", (_, text) => {
    expect(JSON.parse(text)).toMatchObject({
      type: expect.any(String),
      status: expect.any(Number),
      code: expect.any(String),
    });
  });
});

describe("a project that follows the guides", () => {
  const folder = mkdtempSync(join(tmpdir(), "potter-docs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const buf = (...args: readonly string[]): string =>
    execFileSync(join(root, "node_modules/.bin/buf"), args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"]}` },
    });

  const yaml = inLanguage("yaml");
  const workspaces = yaml.filter(({ text }) => text.startsWith("# buf.yaml\n"));
  const templates = yaml.filter(({ text }) => text.startsWith("# buf.gen.yaml\n"));
  const bases = yaml.filter(({ text }) => /^# (openapi|asyncapi)-base\.yaml\n/.test(text));
  // cli/src/check/guide.test.ts reads the first; the second is for GitHub.
  const settings = yaml.filter(({ text }) => /^# (potter\.accepted\.yaml|\.github\/workflows\/\S+)\n/.test(text));
  const complete = inLanguage("proto").filter(({ text }) => /^(syntax|edition) = /m.test(text));

  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  write("buf.yaml", workspaces[0]?.text ?? "");
  complete.forEach(({ text }, index) => {
    const name = (/^package ([\w.]+);$/m.exec(text)?.[1] ?? "unnamed").replaceAll(".", "/");
    write(`proto/${name}/example${index}.proto`, text);
  });

  it("has one buf.yaml, a template for each message library, and a complete proto", () => {
    expect(yaml.length).toBe(workspaces.length + templates.length + bases.length + settings.length);
    // Several pages show it.
    expect(new Set(workspaces.map(({ text }) => text)).size).toBe(1);
    expect(templates.map(({ place }) => place.split(":")[0])).toEqual(
      expect.arrayContaining(["README.md", "docs/guides/annotations.md", "docs/guides/generating.md"]),
    );
    expect(complete.length).toBeGreaterThan(0);
  });

  it("compiles the protos", () => {
    expect(buf("build", "proto")).toBe("");
  });

  it.each(templates.map(({ place, text }) => [place, text]))("generates with the template of %s", (_, text) => {
    write("buf.gen.yaml", text);
    rmSync(join(folder, "gen"), { recursive: true, force: true });
    buf("generate");
    const generated = listGenerated(join(folder, "gen"));
    if (text.includes("protoc-gen-potter-client")) {
      expect(generated.filter((file) => file.endsWith("_client.ts")).length).toBeGreaterThan(0);
      if (!text.includes("protoc-gen-potter-cqrs")) {
        const files = generated.filter((file) => file.endsWith(".ts"));
        expect(files.filter((file) => !/_(client|messages)\.ts$/.test(file))).toEqual([]);
        return;
      }
    }
    if (!text.includes("protoc-gen-potter-cqrs")) {
      expect(generated).toEqual(["/openapi.yaml"]);
      return;
    }
    const messages = text.includes("messages=ts-proto") ? "" : "_pb";
    for (const end of text.includes("target=js+dts") ? [".js", ".d.ts"] : [".ts"]) {
      for (const index of complete.keys()) {
        expect(generated.filter((file) => file.endsWith(`/example${index}${messages}${end}`))).toHaveLength(1);
        expect(generated.filter((file) => file.endsWith(`/example${index}_cqrs${end}`))).toHaveLength(1);
      }
      expect(generated.filter((file) => file.endsWith(`_cqrs${end}`))).toHaveLength(complete.length);
      expect(generated.filter((file) => file.endsWith(`potter/v1/options${messages}${end}`))).toHaveLength(1);
    }
  });
});

function listGenerated(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => `/${path.replaceAll("\\", "/")}`);
}

it.each([
  ["docs/sagas-peer-faults.md", 15],
  ["docs/developer-loop-peer-faults.md", 30],
])("the tests that %s names exist", (page, least) => {
  const named = [...readText(page).matchAll(/\[((?:[^\]`]|`[^`]*`)+)\]\(\.\.\/([^)]+\.test\.ts)\)/g)];
  expect(
    named
      .filter(
        ([, name = "", file = ""]) =>
          !readText(file)
            .replaceAll(/\(\s+"/g, '("')
            .includes(`("${name}"`),
      )
      .map(([link]) => link),
  ).toEqual([]);
  expect(named.length).toBeGreaterThan(least);
});
