// The fixtures as JavaScript and declarations: they have the types of their TypeScript, and Node runs them as they are.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GeneratedFile } from "../output/index.js";
import {
  emitCqrs,
  emitGraphQL,
  emitMessages,
  emitSagas,
  messageLibraries,
  Project,
  readTree,
  refused,
  requestAll,
  root,
  type Texts,
} from "../testing/index.js";
import { createTranspiler } from "./index.js";

/** User code: the files next to the protos of a scenario. */
const users = {
  "bank.ts": "annotated/app.ts",
  "tasks.ts": "cyclic-files/app.ts",
  "names.ts": "hostile-names/app.ts",
  "sagas.ts": "sagas/app.ts",
  "round-trip.ts": "round-trip.ts",
};
/** The types of ts-proto are inferred, which takes the compiler long. */
const full = process.env["POTTER_FULL"] === "true";

const circle = ["boards", "events", "state"].map((name) => `./fixture/cyclic/v1/${name}_cqrs.js`);

const toTexts = (files: readonly GeneratedFile[]): Texts =>
  Object.fromEntries(files.map(({ name, content }) => [name, content]));

describe.each(messageLibraries)("with messages=%s", (messages) => {
  let modules: readonly GeneratedFile[];
  let compiled: Texts;
  let project: Project;

  beforeAll(async () => {
    const request = requestAll();
    const left: readonly string[] = refused[messages].cqrs;
    const written = {
      ...emitCqrs(request, messages),
      ...emitSagas(request, messages),
      ...emitGraphQL(request, { output: "file" }),
    };
    modules = Object.entries(written)
      .filter(([name]) => name.endsWith(".ts") && !left.includes(name))
      .map(([name, content]) => ({ name, content }));
    compiled = toTexts(createTranspiler(root)(modules, ["js", "dts"]));
    // ts-proto writes TypeScript only, which users compile.
    const others = {
      ...emitMessages(request, messages, refused[messages].messages, "js+dts"),
      ...Object.fromEntries(
        Object.entries(users).map(([path, from]) => [path, readFileSync(join(root, "fixtures", from), "utf8")]),
      ),
    };
    project = new Project({ ...others, ...compiled });
    const entryPoints = Object.keys(others)
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
      .map((path) => join(project.folder, path));
    await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
  });

  afterAll(() => project.remove());

  /** The result of a module that Node runs after others, as JSON. */
  function run(expression: string, ...first: readonly string[]): unknown {
    const imports = first.map((path) => `import ${JSON.stringify(path)};\n`).join("");
    project.write("main.mjs", `${imports}console.log(JSON.stringify(${expression}));\n`);
    const { stdout, stderr } = project.run("main.mjs");
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout);
  }

  test("each module becomes two files with its header and its comments", () => {
    const stems = modules.map(({ name }) => name.slice(0, -".ts".length));
    expect(Object.keys(compiled).sort()).toEqual(stems.flatMap((stem) => [`${stem}.d.ts`, `${stem}.js`]).sort());
    for (const { name, content } of modules) {
      const stem = name.slice(0, -".ts".length);
      const [header] = content.split("\n");
      const declarations = compiled[`${stem}.d.ts`] ?? "";
      expect([declarations, compiled[`${stem}.js`]].map((text) => text?.split("\n")[0])).toEqual([header, header]);
      // Comments of types are in the declarations, those of values in both.
      const comments = content.match(/(?<=^( *)\/\*\* ).*(?= \*\/$)/gm) ?? [];
      expect(comments.filter((comment) => !declarations.includes(comment))).toEqual([]);
      const ofValues = content.match(/(?<=^\/\*\* ).*(?= \*\/\nexport const)/gm) ?? [];
      expect(ofValues.filter((comment) => !compiled[`${stem}.js`]?.includes(comment))).toEqual([]);
    }
  });

  test("the bytes of a module do not depend on the others", () => {
    const transpile = createTranspiler(root);
    const [first, second, third] = modules.filter(({ name }) => name.startsWith("fixture/cyclic/"));
    if (first === undefined || second === undefined || third === undefined) throw new Error("too few modules");
    expect(toTexts(transpile([third, first], ["js", "dts"]))).toEqual(
      Object.fromEntries(Object.entries(compiled).filter(([name]) => [first, third].some((one) => isOf(name, one)))),
    );
    expect(toTexts(transpile([second], ["dts"]))).toEqual(
      Object.fromEntries(Object.entries(compiled).filter(([name]) => isOf(name, second) && name.endsWith(".d.ts"))),
    );
  });

  test("strict users compile against the declarations, which are checked too", () => {
    expect(project.typeCheck("--skipLibCheck", "false")).toBe("");
    project.write(
      "mistake.ts",
      `import { Board } from "./fixture/cyclic/v1/boards_cqrs.js";\nexport const x: number = Board;\n`,
    );
    const complaints = project.typeCheck();
    project.write("mistake.ts", "");
    expect(complaints).toMatch(/^mistake\.ts\(2,14\): error TS2322: Type 'Aggregate<BoardTypes>' is not assignable/);
  });

  test.skipIf(messages !== "es" && !full)(
    "the declarations are those that a compiler makes, which sees all types",
    () => {
      const typed = new Project({
        ...emitMessages(requestAll(), messages, refused[messages].messages),
        ...toTexts(modules),
      });
      try {
        const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", "declarations"];
        expect(typed.typeCheck(...flags)).toBe("");
        const expected = readTree(join(typed.folder, "declarations"));
        const names = Object.keys(compiled).filter((name) => name.endsWith(".d.ts"));
        expect(names.map((name) => [name, tokensOf(compiled[name] ?? "")])).toEqual(
          names.map((name) => [name, tokensOf(expected[name] ?? "")]),
        );
      } finally {
        typed.remove();
      }
    },
  );

  test("Node runs the JavaScript: all codecs round-trip", () => {
    const imports = Object.keys(compiled)
      .filter((path) => path.endsWith("_cqrs.js"))
      .map((path) => `await import("./${path}")`);
    const result = run(`(await import("./round-trip.js")).roundTrip([${imports.join(", ")}])`);
    expect(result).toEqual({ wrong: [], count: messages === "es" ? 226 : 220 });
  });

  test.each(circle)("modules with cyclic imports load in any order: %s first", (first) => {
    expect(run(`await (await import("./tasks.js")).run()`, first)).toMatchObject({
      finished: { done: true },
      http: { status: 200 },
    });
  });

  test("sagas and names that collide with built-in ones work", () => {
    expect(run(`(await import("./sagas.js")).run()`)).toMatchObject({ name: "fixture.sagas.v1.Checkout", version: 3 });
    expect(run(`await (await import("./names.js")).run()`)).toMatchObject({ same: true, refused: "promise" });
  });
});

function isOf(name: string, { name: module }: GeneratedFile): boolean {
  return name.replace(/\.(?:d\.ts|js)$/, "") === module.slice(0, -".ts".length);
}

/** What is declared, without imports, comments and layout, which compilers of other versions print otherwise. */
function tokensOf(declarations: string): readonly string[] {
  const text = declarations
    .replaceAll(/^\s*(?:\/\/.*|import [^;]*;)$/gm, "")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/^export \{\};$/gm, "");
  return text.match(/"(?:[^"\\]|\\.)*"|[\w$]+|[^\s\w$]/g) ?? [];
}
