// Remedies of potter doctor: a created project is broken in one way, what doctor says is done as it says, and doctor finds nothing.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkbench, type Workbench } from "../init/init.fixture.js";
import { root } from "../project.fixture.js";
import type { CheckedFinding } from "./findings/index.js";

let bench: Workbench;
let service = "service";
const read = (path: string): string => readFileSync(join(bench.folder, service, path), "utf8");
const write = (path: string, text: string): void => bench.write(join(service, path), text);
const edit = (path: string, change: (text: string) => string): void => {
  const before = read(path);
  expect(change(before)).not.toBe(before);
  write(path, change(before));
};
const potter = async (...argv: readonly string[]): Promise<void> => {
  const { code, errors } = await bench.potter(...argv, "--cwd", service);
  expect([argv, code, code === 0 ? "" : errors]).toEqual([argv, 0, ""]);
};

/** What is not ok, with its remedy. */
async function diagnose(only: string): Promise<readonly CheckedFinding[]> {
  const { out } = await bench.potter("doctor", "--json", "--only", only, "--cwd", service);
  const { findings } = JSON.parse(out) as { readonly findings: readonly CheckedFinding[] };
  return findings.filter(({ status }) => status !== "ok");
}

beforeAll(async () => {
  bench = createWorkbench();
  await bench.potter("init", "service", "--store", "memory", "--targets", "cqrs,saga,graphql");
  bench.linkPackages("service");
  await potter("generate");
  await potter("lock");
});
afterAll(() => bench.delete());

it("finds nothing in a created project", async () => {
  expect(await diagnose("packages,buf,buf.yaml,buf.gen.yaml,messages,tsconfig,registry,generated,potter.lock")).toEqual(
    [],
  );
});

it("says of potter.lock what potter lock says", async () => {
  const { out } = await bench.potter("doctor", "--only", "potter.lock", "--cwd", service);
  rmSync(join(bench.folder, service, "potter.lock"));
  const locked = (await bench.potter("lock", "--cwd", service)).out;
  const [, text] =
    /^(potter\.lock records \d+ GraphQL names, 2 events, \d+ routes, 1 saga); previously nothing$/.exec(locked) ?? [];
  expect([locked, out]).toEqual([expect.any(String), expect.stringContaining(`  ${text}\n`)]);
});

it("draws the contract into the README of a created project", async () => {
  await potter("graph", "--out", "README.md");
  expect(read("README.md")).toContain("```mermaid\nflowchart LR\n");
  await potter("graph", "--out", "README.md", "--check");
});

/** Sets what a remedy quotes as JSON: in package.json if it says so, else in tsconfig.json. */
function setQuoted(remedy: string): void {
  for (const [, key = "", value = "", where] of remedy.matchAll(
    /"(\w+)": (\[[^\]]*\]|"[^"]*"|true)( in package\.json)?/g,
  )) {
    const file = where === undefined ? "tsconfig.json" : "package.json";
    const config = JSON.parse(read(file)) as Record<string, unknown> & { compilerOptions: Record<string, unknown> };
    const target = where !== undefined || key === "include" ? config : config.compilerOptions;
    target[key] = JSON.parse(value);
    write(file, JSON.stringify(config));
  }
}

const options = (change: object) => () =>
  edit("tsconfig.json", (text) => {
    const config = JSON.parse(text) as { readonly compilerOptions: object };
    return JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, ...change } });
  });
const replace = (path: string, from: string | RegExp, to: string) => () => edit(path, (text) => text.replace(from, to));
const remove = (path: string) => () => rmSync(join(bench.folder, service, path), { recursive: true });
const run =
  (...argv: readonly string[]) =>
  (remedy: string) => {
    expect(remedy).toContain(`npx potter ${argv[0]}`);
    return potter(...argv);
  };
const module = "\n  - path: node_modules/@potter/generator/proto";

interface Broken {
  readonly check: string;
  readonly breaks: () => void;
  readonly message: RegExp;
  /** Does what the remedy says. */
  readonly follow: (remedy: string) => void | Promise<void>;
}

it.each<[string, Broken]>([
  [
    "CommonJS in a package of ES modules",
    { check: "tsconfig", breaks: options({ module: "commonjs" }), message: /writes CommonJS/, follow: setQuoted },
  ],
  [
    "no types of Node",
    {
      check: "tsconfig",
      breaks: options({ types: [] }),
      message: /TS2591: Cannot find name 'process'/,
      follow: setQuoted,
    },
  ],
  [
    "an old target",
    { check: "tsconfig", breaks: options({ module: "es2020" }), message: /TS1378: /, follow: setQuoted },
  ],
  [
    "a package of CommonJS",
    {
      check: "tsconfig",
      breaks: replace("package.json", /\n {2}"type": "module",/, ""),
      message: /TS1309: /,
      follow: setQuoted,
    },
  ],
  [
    "a resolution without subpaths",
    {
      check: "tsconfig",
      breaks: options({ module: "commonjs", moduleResolution: "node10" }),
      message: /finds no subpath/,
      follow: (remedy) => {
        setQuoted(remedy.split(", or ")[0] ?? "");
        options({ moduleResolution: undefined })();
      },
    },
  ],
  [
    "code that does not find generated JavaScript",
    {
      check: "tsconfig",
      breaks: replace("buf.gen.yaml", "targets=", "target=js+dts, targets="),
      message: /code in dist does not find gen, the generated JavaScript/,
      follow: setQuoted,
    },
  ],
  [
    "no tsconfig.json",
    {
      check: "tsconfig",
      breaks: remove("tsconfig.json"),
      message: /there is no tsconfig\.json/,
      follow: (remedy) => write("tsconfig.json", remedy.replace("write into it ", "")),
    },
  ],
  [
    "a rootDir beside generated TypeScript",
    {
      check: "tsconfig",
      breaks: options({ rootDir: "src" }),
      message: /gen, the generated code, is not below rootDir/,
      follow: () => options({ rootDir: "." })(),
    },
  ],
  [
    "a key of buf.yaml that buf does not know",
    {
      check: "buf.yaml,registry,generated",
      breaks: replace("buf.yaml", "modules:", "modulez:"),
      message: /^buf\.yaml:2: buf knows no key modulez here$/,
      follow: (remedy) => replace("buf.yaml", "modulez", /^write (\w+)$/.exec(remedy)?.[1] ?? "")(),
    },
  ],
  [
    "no module of the annotations",
    {
      check: "generated",
      breaks: replace("buf.yaml", module, ""),
      message:
        /^the contract cannot be generated: proto\/library\/v1\/books\.proto:\d+:\d+: error compile: the imported file \S+ does not exist/,
      follow: (remedy) => edit("buf.yaml", (text) => `${text.trimEnd()}\n  ${/"(- path: \S+)"/.exec(remedy)?.[1]}\n`),
    },
  ],
  [
    "no module of the annotations, with init",
    {
      check: "generated",
      breaks: replace("buf.yaml", module, ""),
      message: /does not exist/,
      follow: run("init", "--yes"),
    },
  ],
  [
    "no buf.yaml",
    { check: "buf.yaml", breaks: remove("buf.yaml"), message: /there is no buf.yaml/, follow: run("init", "--yes") },
  ],
  [
    "no buf.gen.yaml",
    {
      check: "buf.gen.yaml",
      breaks: remove("buf.gen.yaml"),
      message: /there is no buf.gen.yaml/,
      follow: run("init", "--yes"),
    },
  ],
  [
    "a saga for which nothing is generated",
    {
      check: "generated",
      breaks: replace("buf.gen.yaml", /targets=\S+\b/, "targets=cqrs+graphql"),
      message:
        /^no code is generated for the saga Loan \(proto\/library\/v1\/loans\.proto:\d+:\d+\): buf\.gen\.yaml has no target saga$/,
      follow: (remedy) => replace("buf.gen.yaml", /targets=[\w+]+/, /targets=[\w+]+/.exec(remedy)?.[0] ?? "")(),
    },
  ],
  [
    "imports with another extension",
    {
      check: "messages",
      breaks: replace("buf.gen.yaml", "import_extension=js", "import_extension=none"),
      message: /writes imports with extension none, Potter with js/,
      follow: (remedy) => replace("buf.gen.yaml", "import_extension=none", remedy.replace("set ", ""))(),
    },
  ],
  [
    "stale files",
    { check: "generated", breaks: remove("gen/schema.graphql"), message: /not up to date/, follow: run("generate") },
  ],
  [
    "a lock that cannot be read",
    {
      check: "potter.lock",
      breaks: () => write("potter.lock", "graphql"),
      message: /^potter\.lock/,
      follow: async (remedy) => {
        expect(remedy).toContain("or delete it and write it again: npx potter lock");
        remove("potter.lock")();
        await potter("lock");
      },
    },
  ],
])("mends %s", async (_, { check, breaks, message, follow }) => {
  const names = ["tsconfig.json", "package.json", "buf.yaml", "buf.gen.yaml"];
  const before = names.map((name) => [name, read(name)] as const);
  breaks();
  const breaksTemplate = check.includes("generated");
  const found = await diagnose(check);
  const finding = found.find((one) => message.test(one.message));
  expect([finding?.message ?? found, finding?.remedy]).toEqual([expect.stringMatching(message), expect.any(String)]);
  await follow(finding?.remedy ?? "");
  const left = await diagnose(check);
  // What was generated before the template changed is stale, which is no fault of the remedy.
  expect(left.filter((one) => !/is not up to date/.test(one.message))).toEqual([]);
  for (const [name, text] of before) write(name, text);
  // Only what was generated by another template differs from what the next case begins with.
  if (breaksTemplate) await potter("generate");
});

it("runs a created project as JavaScript after the changes that the guide shows", async () => {
  service = "javascript";
  await bench.potter("init", service, "--store", "memory");
  bench.linkPackages(service);
  const guide = readFileSync(join(root, "docs/guides/generating.md"), "utf8");
  const [, diff = ""] = /```diff\n(--- a\/buf\.gen\.yaml\n[\s\S]*?)```/.exec(guide) ?? [];
  for (const part of diff.split(/^(?=--- a\/)/m)) {
    const [, path = ""] = /^--- a\/(\S+)/.exec(part) ?? [];
    const changes = part.split("\n").slice(1);
    const removed = changes.filter((line) => line.startsWith("-")).map((line) => line.slice(1));
    const added = changes.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
    expect([path, added.length]).toEqual([path, removed.length]);
    for (const [at, line] of removed.entries()) edit(path, (text) => text.replace(`${line}\n`, `${added[at]}\n`));
  }
  await potter("generate");
  expect(await diagnose("buf.gen.yaml,messages,tsconfig,generated")).toEqual([]);
  const folder = join(bench.folder, service);
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc")], { cwd: folder });
  const { potter: settings, scripts } = JSON.parse(read("package.json")) as {
    readonly potter: { readonly app: string };
    readonly scripts: Readonly<Record<string, string>>;
  };
  const script = `const { app } = await import("${settings.app}");
await app.start();
console.log((await app.fetch(new Request("http://library/v1/books"))).status);
await app.stop();`;
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(out.trim().split("\n").at(-1)).toBe("200");
  const main = /node (\S+)/.exec(scripts["serve"] ?? "")?.[1] ?? "";
  expect(read(main)).toContain("listening on");
  expect(read("Dockerfile")).toContain(`CMD ["node", "${main}"]`);
});
