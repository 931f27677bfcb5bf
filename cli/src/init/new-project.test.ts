// New projects with every choice: they generate, type-check, test and serve.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../project.fixture.js";
import { defaults, messageLibraries, stores, type Target, targets } from "./choices/index.js";
import { printApp } from "./create/print-app.js";
import { createWorkbench, type Workbench } from "./init.fixture.js";

/** All lists of targets, or four in which graphql and saga, which change the code, are with and without each other. */
const lists: readonly (readonly Target[])[] =
  process.env["POTTER_FULL"] === "true"
    ? subsetsOf(targets.filter((target) => target !== "cqrs")).map((some) => ["cqrs", ...some])
    : [["cqrs"], defaults.targets, ["cqrs", "saga"], targets];

function subsetsOf(items: readonly Target[]): readonly (readonly Target[])[] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsetsOf(rest).flatMap((some) => [some, [first, ...some]]);
}

const projects = messageLibraries.flatMap((messages) =>
  lists.map((list) => ({ name: `${messages}-${list.join("-")}`, messages, list })),
);
let bench: Workbench;

beforeAll(() => {
  bench = createWorkbench();
});
afterAll(() => bench.delete());

describe("new projects", () => {
  it.each(projects)("$name generates, and the scaffold has nothing to do", async ({ name, messages, list }) => {
    const { code, out } = await bench.potter("init", name, "--messages", messages, "--targets", list.join());
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(`with --messages ${messages} --targets ${list.join()} --store pglite`),
    ]);
    bench.linkPackages(name);
    const sources = bench.tree(`${name}/src`);
    const generated = await bench.potter("generate", "--cwd", name);
    expect(generated).toMatchObject({ code: 0, errors: "" });
    expect(bench.tree(`${name}/src`)).toEqual(sources);
    const files = Object.keys(bench.tree(`${name}/gen`));
    const documents = { openapi: "openapi.yaml", asyncapi: "asyncapi.yaml", graphql: "schema.graphql" } as const;
    for (const [target, file] of Object.entries(documents)) {
      expect([file, files.includes(file)]).toEqual([file, list.includes(target as Target)]);
    }
    expect(files.includes("library/v1/loans_saga.ts")).toBe(list.includes("saga"));
    // The document shows what the app serves.
    const document = bench.tree(`${name}/gen`)["openapi.yaml"];
    expect(document?.includes("name: Potter-Wait-For")).toBe(list.includes("openapi") ? true : undefined);
  });

  it("type-check strictly with each store", () => {
    for (const { name, list } of projects) {
      for (const store of stores)
        bench.write(`${name}/src/app-${store}.ts`, printApp({ ...defaults, targets: list, store }));
    }
    const strict = {
      extends: `./${projects[0]?.name}/tsconfig.json`,
      compilerOptions: { rootDir: ".", noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      include: projects.map(({ name }) => `${name}/src`),
    };
    bench.write("tsconfig.json", JSON.stringify(strict));
    bench.linkPackages(".");
    expect(run(bench.folder, join(root, "node_modules/.bin/tsc"), "-p", ".")).toBe("");
    // The check can fail.
    bench.write(
      `${projects[0]?.name}/src/wrong.ts`,
      `import { book } from "./books.js";\nexport const wrong: string = book;\n`,
    );
    expect(() => run(bench.folder, join(root, "node_modules/.bin/tsc"), "-p", ".")).toThrow("wrong.ts(2,14)");
  });

  // tests/install.test.ts does the same with the default choices, from the packed packages.
  it("of all targets, ts-proto and memory test and serve", async () => {
    const flags = ["--messages=ts-proto", `--targets=${targets.join()}`, "--store=memory"];
    await bench.potter("init", "other", ...flags);
    bench.linkPackages("other");
    const folder = join(bench.folder, "other");
    expect(run(folder, "npm", "test")).toMatch(/Tests .*2 passed/);
    await serving(folder, async (url) => {
      const headers = { "content-type": "application/json" };
      const post = (path: string, body: object, more: Readonly<Record<string, string>> = {}) =>
        fetch(url + path, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });
      expect(await (await post("/v1/books", { bookId: "emma", title: "Emma" })).json()).toEqual({ bookId: "emma" });
      const lent = await post("/v1/books/emma:lend", { memberId: "ada" }, { "potter-wait-for": "BookView" });
      expect([lent.status, lent.headers.get("potter-state")]).toEqual([200, "reached"]);
      const books = [{ bookId: "emma", title: "Emma", lentTo: "ada" }];
      const connect = await post("/library.v1.BookService/ListBooks", {}, { "connect-protocol-version": "1" });
      expect(await connect.json()).toEqual({ books });
      expect((await post("/v1/books/emma:lend", { memberId: "bob" })).status).toBe(409);
      const query = { query: "{ books(first: 10) { nodes { bookId title } } }" };
      const listed = { data: { books: { nodes: [{ bookId: "emma", title: "Emma" }] } } };
      expect(await (await post("/graphql", query)).json()).toEqual(listed);
      // A service that cannot start says why in one line.
      const { port } = new URL(url);
      expect(start(folder, { PORT: port })).toEqual({
        code: 1,
        out: "",
        errors: `cannot listen on 127.0.0.1:${port}, since another process does: end it, or choose another port\n`,
      });
    });
    expect(start(folder, { PORT: "eighty" })).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^serve has port NaN: .*\n$/),
    });
    const app = join(folder, "dist/src/app.js");
    const text = readFileSync(app, "utf8");
    writeFileSync(
      app,
      text
        .replace(/^import .*"@potter\/runtime";$/m, `$&\nimport { postgres } from "@potter/runtime/postgres";`)
        .replace("memory()", `postgres("postgres://ada:s3cret@127.0.0.1:1/library")`),
    );
    expect(start(folder, { PORT: "0" })).toEqual({
      code: 1,
      out: "",
      errors: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:1\/library cannot be reached: .*\n$/),
    });
    writeFileSync(app, text.replace("bookQueries, ", "").replace(", bookQueries", ""));
    expect(start(folder, { PORT: "0" })).toEqual({
      code: 1,
      out: "",
      errors: expect.stringMatching(
        /^the parts of the app do not fit:\n {2}library\.v1\.BookService\.ListBooks has no handler: .*\n$/,
      ),
    });
    writeFileSync(app, `throw new TypeError("a mistake");`);
    expect(start(folder, { PORT: "0" })).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^TypeError: a mistake\n {4}at .*app\.js:1:7/),
    });
  });
});

/** Runs a program. What it wrote is in the error when it fails. */
function run(folder: string, program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Starts what `npm test` has compiled, and waits for its end. */
function start(folder: string, env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/src/main.js"], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { code: status, out: stdout, errors: stderr };
}

/** Serves what `npm test` has compiled. */
async function serving(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  const env = { ...process.env, PORT: "0" };
  const child = spawn(process.execPath, ["dist/src/main.js"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  try {
    let text = "";
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.includes("listening on ")) break;
    }
    await use(/listening on (\S+)/.exec(text)?.[1] ?? text);
  } finally {
    child.kill("SIGTERM");
  }
  expect(await exit).toBe(0);
}
