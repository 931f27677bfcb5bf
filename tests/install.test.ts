// The packed packages work in a project that has nothing else: no network, no registry of proto modules.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { account, bufYaml, printBufGenYaml, proto } from "../interop/install/project.js";
import { root } from "./sources.js";

/** Code of a user. It does not compile when the generated code is too loose or too strict. */
const behaviour = `${account}
// @ts-expect-error the slot of the command is not filled
Account.decider({ initial: () => ({ owner: "" }), decide: {}, evolve: { accountOpened: (state) => state } });

const app = createApp({ store: memory(), parts: [account] });

export const shown: unknown = createGraphQLSchema(app, { modules: [graphqlContract] }).schema;
`;

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: "es2023",
    lib: ["es2023", "dom"],
    module: "nodenext",
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["gen", "*.ts"],
});

describe("the packed packages in an empty project", () => {
  let project: string;

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "potter-install-"));
    install(project);
    mkdirSync(join(project, "proto/bank/v1"), { recursive: true });
    const files = {
      "package.json": `{"type":"module"}`,
      "proto/bank/v1/account.proto": proto,
      "behaviour.ts": behaviour,
      "buf.yaml": bufYaml,
      "buf.gen.yaml": printBufGenYaml("protoc-gen-es"),
      "tsconfig.json": tsconfig,
    };
    for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("contain the protos and no tests", () => {
    const list = (path: string): string[] =>
      readdirSync(join(project, "node_modules", path), { recursive: true, encoding: "utf8" });
    const packed = ["runtime", "client", "generator", "cli"].flatMap((name) => list(`@potter/${name}`));
    expect(packed).toEqual(
      expect.arrayContaining([
        "proto/potter/v1/options.proto",
        "proto/potter/v1/graphql.proto",
        "proto/potter/v1/openapi.proto",
        "proto/buf/validate/validate.proto",
        "go-potter/potter/options.proto",
      ]),
    );
    // The templates of potter init have a test of their own.
    const ours = packed.filter((file) => !file.startsWith("templates/"));
    expect(ours.filter((file) => /\.test\.|\.fixture\.|tsbuildinfo|^src\//.test(file))).toEqual([]);
    expect(packed).toEqual(expect.arrayContaining(["templates/_gitignore", "templates/src/books.test.ts"]));
  });

  it("export only existing files", () => {
    for (const name of ["@potter/runtime", "@potter/client", "@potter/generator"]) {
      const folder = join(project, "node_modules", name);
      const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { exports: object };
      const targets = JSON.stringify(exports).match(/\.\/[^"*]+\.(?:js|json|proto)/g) ?? [];
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.filter((target) => !existsSync(join(folder, target)))).toEqual([]);
    }
  });

  it("have a command that prints its help, and reads the project's store", () => {
    expect(run(project, "potter", ["--help"])).toContain("show, export, import and replay events");
    writeFileSync(
      join(project, "store.js"),
      `import { pglite } from "@potter/runtime/pglite";\nexport const store = pglite("./data");\n`,
    );
    const status = JSON.parse(run(project, "potter", ["db", "status", "--app", "store.js", "--json"])) as object;
    expect(status).toMatchObject({ current: 0, pending: expect.arrayContaining([1]) });
  });

  it("generate with buf code that type-checks with a user's code", () => {
    run(project, "buf", ["generate"]);
    typeCheck(project);
    const documents = ["openapi.yaml", "asyncapi.yaml"].map((name) => readFileSync(join(project, "gen", name), "utf8"));
    expect(readFileSync(join(project, "gen/schema.graphql"), "utf8")).toContain(
      "openAccount(input: OpenAccountInput!)",
    );
    expect(documents).toEqual([expect.stringContaining("\nopenapi: 3.1"), expect.stringContaining("\nasyncapi: 3.0")]);
  });

  it("create the project of Getting started, which generates, tests, serves and keeps its data across a restart", async () => {
    const guide = join(project, "guide");
    expect(run(project, "create-potter", ["guide"])).toContain("cd guide\n");
    symlinkSync(join(project, "node_modules"), join(guide, "node_modules"));
    const shown = readFiles(readFileSync(join(root, "docs/getting-started.md"), "utf8"));
    for (const [path, content] of shown)
      expect([path, readFileSync(join(guide, path), "utf8")]).toEqual([path, content]);
    expect([...shown.keys()]).toEqual(
      expect.arrayContaining(["proto/library/v1/books.proto", "src/books.ts", "src/app.ts"]),
    );
    expect(npm(guide, "generate")).toMatch(/^generated \d+ files/);
    expect(npm(guide, "test")).toMatch(/Tests .*1 passed/);

    const title = { bookId: "emma", title: "Emma" };
    const query = JSON.stringify({ query: "{ books(first: 10) { nodes { bookId title } } }" });
    await serving(guide, async (url) => {
      expect(await post(`${url}/v1/books`, JSON.stringify(title))).toEqual({ bookId: "emma" });
      const listed = { data: { books: { nodes: [title] } } };
      await expect.poll(() => post(`${url}/graphql`, query)).toEqual(listed);
    });
    await serving(guide, async (url) => {
      const response = await fetch(`${url}/v1/books`);
      expect(await response.json()).toEqual({ books: [title] });
    });
  }, 300_000);

  it("generate with protoc the same files", () => {
    const generated = (): string => readFileSync(join(project, "gen/bank/v1/account_cqrs.ts"), "utf8");
    const withBuf = generated();
    rmSync(join(project, "gen"), { recursive: true });
    mkdirSync(join(project, "gen"));
    const roots = ["-I", "proto", "-I", "node_modules/@potter/generator/proto"];
    const imported = ["potter/v1/options.proto", "google/api/annotations.proto", "google/api/http.proto"];
    const es = ["--es_out=gen", "--es_opt=target=ts,import_extension=js", "buf/validate/validate.proto", ...imported];
    run(project, "protoc", [...roots, ...es, "bank/v1/account.proto"]);
    run(project, "protoc", [...roots, "--potter-cqrs_out=gen", "--potter-graphql_out=gen", "bank/v1/account.proto"]);
    // protoc and buf send their own versions, which are not part of the generated code.
    expect(generated()).toBe(withBuf);
    typeCheck(project);
  });
});

/** Packs what is published and unpacks it as npm would; what it depends on is linked, so that no network is needed. */
function install(project: string): void {
  const modules = join(project, "node_modules");
  const bin = join(modules, ".bin");
  for (const folder of ["@potter", ".bin", "../packed"]) mkdirSync(join(modules, folder), { recursive: true });

  const plugins = readdirSync(join(root, "plugins")).map((name) => `plugins/${name}`);
  for (const workspace of ["runtime", "client", "generator", "cli", "create-potter", ...plugins]) {
    const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", join(project, "packed")];
    const tarball = execFileSync("npm", args, { cwd: join(root, workspace), encoding: "utf8" }).trim();
    const manifest = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8")) as Manifest;
    const target = join(modules, manifest.name);
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", join(project, "packed", tarball), "-C", target, "--strip-components=1"]);
    for (const [name, path] of Object.entries(manifest.bin ?? {})) {
      chmodSync(join(target, path), 0o755);
      symlinkSync(join(target, path), join(bin, name));
    }
  }

  const link = (path: string): void => {
    if (!existsSync(join(modules, path))) symlinkSync(join(root, "node_modules", path), join(modules, path));
  };
  for (const entry of readdirSync(join(root, "node_modules"))) {
    if (entry !== "@potter" && !entry.startsWith(".")) link(entry);
  }
  for (const command of ["buf", "protoc", "protoc-gen-es", "tsc", "vitest"]) link(`.bin/${command}`);
}

/** The files that a page shows: each block after a line that is a path in backticks. */
function readFiles(page: string): ReadonlyMap<string, string> {
  const blocks = page.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm);
  return new Map(Array.from(blocks, ([, path = "", content = ""]) => [path, content]));
}

/** Runs the service that `npm start` starts, until it has listened and `use` has ended, and stops it in order. */
async function serving(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  const env = { ...process.env, PORT: "0" };
  const child = spawn(process.execPath, ["dist/src/main.js"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  try {
    await use(await readUrl(child));
  } finally {
    child.kill("SIGTERM");
  }
  expect(await exit).toBe(0);
}

async function readUrl({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    const url = /listening on (\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the service ended before it listened: ${text}`);
}

async function post(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return response.json();
}

interface Manifest {
  readonly name: string;
  readonly bin?: Readonly<Record<string, string>>;
}

function typeCheck(project: string): void {
  run(project, "tsc", ["-p", "."]);
}

/** Runs a script of the package.json in a folder. */
function npm(folder: string, script: string): string {
  return execFileSync("npm", ["run", script, "--silent"], { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

/** Runs a command with the project's own bins on the path; what it wrote is in the error when it fails. */
function run(project: string, command: string, args: string[]): string {
  const bin = join(project, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  try {
    return execFileSync(join(bin, command), args, { cwd: project, env, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
