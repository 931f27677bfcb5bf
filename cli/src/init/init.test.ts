// The command line of potter init: folders, options, and what it says without a terminal.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "@potter/generator/tooling";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { potterBin, root } from "../project.fixture.js";
import { findPackageManager, isPackageName, packageManagerNames, packageNameOf, versions } from "./choices/index.js";
import { createWorkbench, type Workbench } from "./init.fixture.js";

interface Manifest {
  readonly name: string;
  readonly packageManager?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

let bench: Workbench;
const manifest = (path = ""): Manifest => JSON.parse(bench.tree(path)["package.json"] ?? "") as Manifest;

beforeEach(() => {
  bench = createWorkbench();
  vi.stubEnv("npm_config_user_agent", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  bench.delete();
});

describe("potter init", () => {
  it("creates a project in the current folder, and prints the defaults that it took and what to do next", async () => {
    const { code, out, errors } = await bench.potter("init");
    expect([code, errors]).toEqual([0, ""]);
    expect(out.replace(bench.folder, "FOLDER")).toBe(`created mein-prufstand in FOLDER: 13 files
with --messages es --targets cqrs,openapi,graphql --store pglite --package-manager npm

next:
  npm install
  npm run generate
  npm test
  npm start

README.md shows how to call it over REST, gRPC, Connect and GraphQL`);
    expect(Object.keys(bench.tree())).toEqual([
      ".dockerignore",
      ".gitignore",
      "Dockerfile",
      "README.md",
      "buf.gen.yaml",
      "buf.yaml",
      "package.json",
      "proto/library/v1/books.proto",
      "src/app.ts",
      "src/books.test.ts",
      "src/books.ts",
      "src/main.ts",
      "tsconfig.json",
    ]);
    expect(manifest().name).toBe("mein-prufstand");
  });

  it("lets git ignore what the build and the running service write", async () => {
    await bench.potter("init", "library", "--git");
    for (const path of ["gen/x.ts", "dist/x.js", "node_modules/x/x.js", "data/PG_VERSION", "data.lock.4711"]) {
      bench.write(`library/${path}`, "x");
    }
    const git = ["status", "--short", "--untracked-files=all"];
    const status = execFileSync("git", git, { cwd: join(bench.folder, "library"), encoding: "utf8" });
    const unseen = status.split("\n").filter((line) => /gen\/|dist|node_modules|data/.test(line));
    expect([status.includes("?? package.json"), unseen]).toEqual([true, []]);
  });

  it("asks nothing without a terminal, whatever standard input is", () => {
    const { status, stdout } = spawnSync(process.execPath, [potterBin, "init", "neu"], {
      cwd: bench.folder,
      encoding: "utf8",
      input: "",
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining("cd neu\n")]);
  });

  it("is what create-potter runs", () => {
    const create = join(root, "create-potter/bin/create-potter.js");
    const argv = [create, "shop", "store=memory", "name=@acme/shop"];
    const out = execFileSync(process.execPath, argv, { cwd: bench.folder, encoding: "utf8" });
    expect(out).toContain("created @acme/shop in ");
    expect(bench.tree("shop")["src/app.ts"]).toContain("store: memory()");
  });

  it("names itself as it was called, so that npm create potter names no command that is not installed", () => {
    const create = join(root, "create-potter/bin/create-potter.js");
    const run = (...argv: readonly string[]) =>
      spawnSync(process.execPath, [create, ...argv], { cwd: bench.folder, encoding: "utf8" });
    const { status, stderr } = run("shop", "--stor", "memory");
    expect([status, stderr]).toEqual([
      2,
      "potter: unknown option --stor: did you mean --store? npm create potter -- --help lists the options\n",
    ]);
    expect(run("--help").stdout).toMatch(/^npm create potter -- \[folder\] \[options\]\n/);
  });

  it("starts the server of PostgreSQL before the service", async () => {
    const { out } = await bench.potter("init", "shop", "--store", "postgres");
    expect(out).toContain("  npm test\n  docker compose up --detach\n  npm start");
    expect(bench.tree("shop")["compose.yaml"]).toContain("postgres");
  });

  it("writes no stubs into an image, and logs what no caller sees", async () => {
    await bench.potter("init", "shop", "--package-manager", "pnpm");
    const tree = bench.tree("shop");
    expect(tree["Dockerfile"]).toContain("\nRUN CI=true pnpm run build\n");
    expect(tree["src/app.ts"]).toContain('logger: consoleLogger({ level: "warn" })');
  });

  it("changes nothing the second time", async () => {
    for (const store of ["pglite", "postgres", "memory"]) {
      await bench.potter("init", store, "--store", store);
      const before = bench.tree(store);
      const { code, out } = await bench.potter("init", store);
      expect([code, out]).toEqual([0, "nothing to do: the project has all that Potter needs"]);
      expect(bench.tree(store)).toEqual(before);
    }
  });

  it("refuses a folder that is not empty, and with --force adds what is missing and replaces nothing", async () => {
    bench.write("README.md", "mine\n");
    bench.write("src/books.ts", "export {};\n");
    expect(await bench.potter("init", "--yes")).toEqual({
      code: 1,
      out: "",
      errors: expect.stringMatching(/is not empty \(README\.md, src\): name another folder, or add --force/),
    });
    expect(Object.keys(bench.tree())).toEqual(["README.md", "src/books.ts"]);
    const { code, out } = await bench.potter("init", "--force");
    expect(code).toBe(0);
    expect(out).toContain("README.md: kept as it is, since it exists\nsrc/books.ts: kept as it is, since it exists");
    expect(bench.tree()).toMatchObject({ "README.md": "mine\n", "src/books.ts": "export {};\n" });
    expect(Object.keys(bench.tree())).toContain("src/app.ts");
  });

  it("says which path cannot be written", async () => {
    bench.write("src", "a file");
    expect(await bench.potter("init", "--force")).toMatchObject({
      code: 1,
      errors: expect.stringContaining(
        `cannot write ${join(bench.folder, "src/app.ts")}: a part of its path is a file, where a folder is needed`,
      ),
    });
    expect(await bench.potter("init", "src")).toMatchObject({ code: 2, errors: expect.stringContaining("is a file") });
  });

  it("names the valid values of an option", async () => {
    const refuse = async (...argv: string[]) => {
      const { code, errors } = await bench.potter("init", ...argv);
      return [code, errors];
    };
    expect(await refuse("--store", "sqlite")).toEqual([
      2,
      "potter: --store sqlite: expected one of pglite, postgres, memory",
    ]);
    expect(await refuse("--targets", "cqrs,rest")).toEqual([
      2,
      "potter: --targets rest: expected some of cqrs, openapi, graphql, asyncapi, saga, client",
    ]);
    expect(await refuse("--name", "My Service")).toEqual([
      2,
      expect.stringContaining("expected a name that npm allows"),
    ]);
    expect(await refuse("shop", "memory")).toEqual([
      2,
      expect.stringContaining("npm create potter my-service -- --store memory"),
    ]);
    expect(await refuse("--stroe", "memory")).toEqual([2, expect.stringContaining("stroe")]);
    expect(bench.tree()).toEqual({});
  });

  it("creates a git repository only if asked, and never inside another one", async () => {
    await bench.potter("init", "plain");
    expect(existsSync(join(bench.folder, "plain/.git"))).toBe(false);
    expect((await bench.potter("init", "own", "--git")).out).toContain("created a git repository");
    expect(existsSync(join(bench.folder, "own/.git"))).toBe(true);
    expect((await bench.potter("init", "own/inner", "--git")).out).toContain("is in a git repository already");
    expect(existsSync(join(bench.folder, "own/inner/.git"))).toBe(false);
  });
});

describe("package managers", () => {
  it.each(packageManagerNames)("%s has its commands in package.json, README.md and Dockerfile", async (name) => {
    await bench.potter("init", "--package-manager", name);
    const { dev, serve, start } = manifest().scripts;
    expect(start).toBe(`${name} run build && node dist/src/main.js`);
    expect([dev, serve]).toEqual([`potter watch -- ${name} run serve`, "tsc && node dist/src/main.js"]);
    expect(bench.tree()["README.md"]).toContain(`${name} install\n${name} run generate`);
    const exec = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" }[name];
    expect(bench.tree()["README.md"]).toContain(`\`${exec} potter graph --out README.md\``);
    const lockFiles = { npm: "package-lock.json", pnpm: "pnpm-lock.yaml", yarn: "yarn.lock", bun: "bun.lock" };
    expect(bench.tree()["Dockerfile"]).toContain(lockFiles[name]);
  });

  it("are found by the lock file, then by the one that runs", () => {
    const find = (agent?: string) => findPackageManager(bench.folder, agent).name;
    expect(find()).toBe("npm");
    expect(find("pnpm/10.34.9 npm/? node/v22.0.0 linux x64")).toBe("pnpm");
    expect(find("deno/2.0.0")).toBe("npm");
    bench.write("yarn.lock", "");
    expect(find("npm/11.0.0 node/v22.0.0")).toBe("yarn");
  });

  it("that run are written with their version, from which the Dockerfile's options follow", async () => {
    vi.stubEnv("npm_config_user_agent", "yarn/1.22.22 npm/? node/v22.0.0");
    await bench.potter("init", "classic");
    expect(manifest("classic").packageManager).toBe("yarn@1.22.22");
    expect(bench.tree("classic")["Dockerfile"]).toContain("yarn install --frozen-lockfile --production");
    vi.stubEnv("npm_config_user_agent", "yarn/4.18.1 npm/? node/v22.0.0");
    await bench.potter("init", "modern");
    expect(bench.tree("modern")).toMatchObject({
      ".yarnrc.yml": expect.stringContaining("nodeLinker: node-modules"),
      Dockerfile: expect.stringContaining("yarn workspaces focus --production"),
    });
  });
});

describe("versions", () => {
  it("of other packages are those that the repository is tested with", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
    const expected = Object.fromEntries(Object.keys(versions).map((name) => [name, devDependencies[name]]));
    expect(versions).toEqual(expected);
  });

  it("of Potter are its own, exactly", async () => {
    await bench.potter("init", "--targets", "saga", "--store", "postgres", "--messages", "ts-proto");
    const { dependencies, devDependencies } = manifest();
    expect(dependencies).toEqual({
      "@bufbuild/protobuf": versions["@bufbuild/protobuf"],
      "@potter/runtime": version,
      pg: versions.pg,
    });
    expect(devDependencies).toMatchObject({ "@potter/cli": version, "protoc-gen-potter": version });
    expect(Object.keys(devDependencies)).toContain("ts-proto");
    expect(Object.keys(devDependencies)).not.toContain("@bufbuild/protoc-gen-es");
  });
});

it("derives a name that npm allows from any folder", () => {
  expect(["Bücher & Co", "_x.", "日本", "a".repeat(300)].map(packageNameOf)).toEqual([
    "bucher-co",
    "x",
    "service",
    "a".repeat(214),
  ]);
  for (const folder of ["Bücher", "__", "A b", "-.-"]) expect(isPackageName(packageNameOf(folder))).toBe(true);
  expect(["@acme/shop", "shop", "Shop", "a b", "@/x", ""].map(isPackageName)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
