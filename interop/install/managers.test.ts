// The packed packages install with each package manager, and resolve at run time all that they import.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageManagers } from "./managers.js";
import { printBufGenYaml, sources } from "./project.js";
import { type Packed, type Registry, serveRegistry } from "./registry.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const plugins = readdirSync(join(root, "plugins")).map((name) => `plugins/${name}`);
const managerBins = join(root, "interop/node_modules/.bin");
const author = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
const folder = realpathSync(mkdtempSync(join(tmpdir(), "potter-managers-")));
let packed: readonly Packed[];
let registry: Registry;

beforeAll(async () => {
  packed = ["runtime", "generator", "cli", "create-potter", ...plugins].map(pack);
  registry = await serveRegistry(packed);
});

afterAll(async () => {
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function pack(workspace: string): Packed {
  const cwd = join(root, workspace);
  const args = ["pack", "--silent", "--pack-destination", folder];
  const tarball = execFileSync("npm", args, { cwd, encoding: "utf8" }).trim().split("\n").at(-1) ?? "";
  const manifest = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as Packed["manifest"];
  return { tarball: join(folder, tarball), manifest };
}

/** Scoped packages come from the registry, the others from their files. */
function fromFiles(): Readonly<Record<string, string>> {
  const files = packed.filter(({ manifest }) => !manifest.name.startsWith("@"));
  return Object.fromEntries(files.map(({ tarball, manifest }) => [manifest.name, `file:${tarball}`]));
}

function printManifest(): string {
  const find = (name: string) => packed.find(({ manifest }) => manifest.name === name)?.manifest.version;
  return JSON.stringify({
    name: "bank",
    version: "1.0.0",
    type: "module",
    dependencies: { "@bufbuild/protobuf": "2.17.0", "@potter/runtime": find("@potter/runtime"), graphql: "16.15.0" },
    devDependencies: {
      "@potter/cli": find("@potter/cli"),
      "@potter/generator": find("@potter/generator"),
      ...fromFiles(),
    },
  });
}

describe.each(packageManagers.map((manager) => [manager.name, manager] as const))("with %s", (name, manager) => {
  const project = join(folder, name);
  const bins = join(project, "node_modules/.bin");

  const run = (program: string, ...args: readonly string[]): string => runIn(project, program, ...args);

  function runIn(cwd: string, program: string, ...args: readonly string[]): string {
    const own = [join(cwd, "node_modules/.bin"), managerBins, dirname(process.execPath), "/usr/bin", "/bin"];
    const env = { ...process.env, PATH: own.join(delimiter) };
    try {
      return execFileSync(program, args, { cwd, env, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  beforeAll(async () => {
    const files = {
      ...sources,
      "package.json": printManifest(),
      "buf.gen.yaml": printBufGenYaml(join(root, "node_modules/.bin/protoc-gen-es")),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    manager.configure(project, registry.url);
    await manager.install(project);
  });

  it("installs every package with its commands", () => {
    for (const { manifest } of packed) {
      const installed = JSON.parse(readFileSync(join(project, "node_modules", manifest.name, "package.json"), "utf8"));
      expect(installed).toMatchObject({ name: manifest.name, version: manifest.version });
      expect(readdirSync(bins)).toEqual(expect.arrayContaining(Object.keys(manifest.bin ?? {})));
    }
    expect(run("potter", "--help")).toContain("show, export, import and replay events");
  });

  it("creates a project with its commands", () => {
    expect(run("create-potter", "created", `package-manager=${name}`)).toContain(`${name} install`);
    const created = JSON.parse(readFileSync(join(project, "created/package.json"), "utf8"));
    const version = packed.find(({ manifest }) => manifest.name === "@potter/runtime")?.manifest.version;
    expect(created).toMatchObject({
      scripts: { test: `${name} run build && vitest run --dir src` },
      dependencies: { "@potter/runtime": version },
    });
    expect(readdirSync(join(project, "created"))).toEqual(expect.arrayContaining([".gitignore", "proto", "src"]));
  });

  // Installing is most of it: the others with --full.
  it.runIf(name === "npm" || process.env["POTTER_FULL"] === "true")(
    "creates a project that generates, passes its tests and its check",
    async () => {
      const created = join(folder, `created-${name}`);
      run("create-potter", created, `package-manager=${name}`);
      const file = join(created, "package.json");
      const manifest = JSON.parse(readFileSync(file, "utf8")) as { devDependencies: Record<string, string> };
      for (const [one, version] of Object.entries(fromFiles())) {
        if (one in manifest.devDependencies) manifest.devDependencies[one] = version;
      }
      writeFileSync(file, JSON.stringify(manifest));
      manager.configure(created, registry.url);
      await manager.install(created);
      expect(runIn(created, name, "run", "generate")).toContain("generated");
      expect(runIn(created, name, "test")).toContain("passed");
      for (const args of [
        ["init", "--quiet"],
        ["add", "--all"],
        [...author, "commit", "--quiet", "--message", "first"],
      ]) {
        runIn(created, "git", ...args);
      }
      expect(runIn(created, "potter", "check", "--against", "HEAD")).toContain("no");
    },
  );

  it("resolves one copy of protobuf-es for the runtime and the project", () => {
    const find = (from: string) =>
      realpathSync(createRequire(join(realpathSync(from), "index.js")).resolve("@bufbuild/protobuf"));
    expect(find(join(project, "node_modules/@potter/runtime"))).toBe(find(project));
  });

  it("generates code that compiles with all declarations, and runs", () => {
    run(join(root, "node_modules/.bin/buf"), "generate");
    run(join(root, "node_modules/.bin/tsc"), "-p", ".");
    expect(JSON.parse(run(process.execPath, "out/main.js"))).toEqual({ statuses: [400, 200], graphql: true });
    expect(readFileSync(join(project, "gen/openapi.yaml"), "utf8")).toContain("/v1/accounts");
  });
});
