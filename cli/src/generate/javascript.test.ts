// `target=js+dts`: the shop as JavaScript and declarations, with strict users and in Node; and a project that changes its form.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, root, type TestProject, template } from "../project.fixture.js";

let out: string[];
let errors: string[];
beforeEach(() => {
  out = [];
  errors = [];
  vi.stubEnv("CI", "");
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
afterEach(() => vi.unstubAllEnvs());

const shop = join(root, "examples/shop");
const asJavaScript = (folder: string): string => `version: v2
plugins:
  - local: protoc-gen-es
    out: ${folder}
    opt: [target=js+dts, import_extension=js]
    include_imports: true
    strategy: all
  - local: protoc-gen-potter
    out: ${folder}
    opt: [target=js+dts, lock=potter.lock, websocket=on, waits=on]
    strategy: all
inputs:
  - directory: proto
`;
const settings = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    ...{ composite: false, declaration: false, declarationMap: false, isolatedDeclarations: false },
    ...{ rootDir: "src", outDir: "lib", types: ["node"] },
  },
  include: ["src", "gen"],
};
const run = `import { memory } from "@potter/runtime";
import { createShop } from "./app.js";

const app = createShop(memory());
const call = async (path: string, body?: object): Promise<unknown> => {
  const init = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return (await app.fetch(new Request(\`http://shop\${path}\`, init))).json();
};
const lines = [{ sku: "teapot", quantity: 2, unitPrice: "1999" }];
await call("/v1/stock/teapot:replenish", { quantity: 5 });
console.log(JSON.stringify([
  await call("/v1/orders", { orderId: "1", customerEmail: "ada@example.com", lines }),
  await call("/v1/orders/1"),
  await call("/graphql", { query: "{ order(orderId: \\"1\\") { status } }" }),
  await call("/v1/checkouts", { orderId: "2", customerEmail: "ada@example.com", cardToken: "visa", lines }),
]));
await app.stop();
`;

describe("the shop", () => {
  let project: TestProject;
  beforeEach(() => {
    const files = ["app", "checkout", "order", "order-total", "order-views", "payments", "stock"].map((name) => [
      `src/${name}.ts`,
      readFileSync(join(shop, `src/${name}.ts`), "utf8"),
    ]);
    project = createProject({
      ...Object.fromEntries(files),
      "src/run.ts": run,
      "package.json": JSON.stringify({ type: "module" }),
      "tsconfig.json": JSON.stringify(settings),
      "buf.gen.yaml": asJavaScript("gen"),
      "other.gen.yaml": asJavaScript("by-buf"),
      "potter.lock": readFileSync(join(shop, "potter.lock"), "utf8"),
    });
    project.remove("proto/bank");
    cpSync(join(shop, "proto"), join(project.folder, "proto"), { recursive: true });
  });
  afterEach(() => project.delete());

  const inNode = (...argv: readonly string[]) =>
    spawnSync(process.execPath, argv, { cwd: project.folder, encoding: "utf8" });

  it("has the bytes of buf, compiles for strict users, and runs in Node as it is", async () => {
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(errors).toEqual([]);
    expect(out[1]).toBe("in this process: protoc-gen-es, protoc-gen-potter");
    expect(project.bufGenerate("--template", "other.gen.yaml")).toMatchObject({ status: 0 });
    const { ".potter-manifest.json": _, ...files } = project.tree("gen");
    expect(files).toEqual(project.tree("by-buf"));
    const names = Object.keys(files).filter((name) => /_(?:cqrs|saga|graphql)\./.test(name) && !name.endsWith(".md"));
    const modules = ["orders/v1/orders_cqrs", "checkout/v1/checkout_cqrs", "checkout/v1/checkout_saga"];
    expect(names).toEqual(expect.arrayContaining(modules.flatMap((name) => [`shop/${name}.d.ts`, `shop/${name}.js`])));
    expect(names.filter((name) => !/\.(?:d\.ts|js)$/.test(name))).toEqual([]);
    for (const document of ["openapi.yaml", "asyncapi.yaml", "schema.graphql", "shop/checkout/v1/checkout_saga.md"]) {
      const expected = readFileSync(join(shop, "gen", document), "latin1");
      // The plugin of one target has another name.
      expect(withoutName(files[document] ?? "")).toBe(withoutName(expected));
    }

    project.remove("by-buf");
    expect(inNode(join(root, "node_modules/.bin/tsc"), "--pretty", "false").stdout).toBe("");
    expect(readdirSync(join(project.folder, "lib")).filter((name) => name.endsWith(".js"))).toHaveLength(8);
    const { stdout, stderr } = inNode("lib/run.js");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([
      { orderId: "1" },
      expect.objectContaining({ status: "ORDER_STATUS_PLACED", total: "3998" }),
      { data: { order: { status: "PLACED" } } },
      { orderId: "2" },
    ]);
  });
});

const withoutName = (text: string): string => text.replaceAll(/protoc-gen-potter(?:-\w+)?/g, "");

describe("a project", () => {
  let project: TestProject;
  beforeEach(() => {
    project = createProject({ "package.json": JSON.stringify({ type: "module" }) });
  });
  afterEach(() => project.delete());

  const withOptions = (options: string): string =>
    template.replace(
      "protoc-gen-potter-cqrs\n    out: gen",
      `protoc-gen-potter-cqrs\n    out: gen\n    opt: [${options}]`,
    );
  const ofCqrs = (): readonly string[] => Object.keys(project.tree("gen/bank/v1")).filter((name) => /_cqrs/.test(name));

  it("that changes its form gets the new files and loses the old ones, and check compares them", async () => {
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(ofCqrs()).toEqual(["account_cqrs.ts"]);
    project.write("buf.gen.yaml", withOptions("target=js+dts"));
    expect(await main(["check", "--only", "generated"], project.folder)).toBe(1);
    expect(out.join("\n")).toContain("gen/bank/v1/account_cqrs.d.ts is missing");
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(ofCqrs()).toEqual(["account_cqrs.d.ts", "account_cqrs.js"]);
    out = [];
    expect(await main(["check", "--only", "generated"], project.folder)).toBe(0);
    project.write("gen/bank/v1/account_cqrs.js", "");
    expect(await main(["check", "--only", "generated"], project.folder)).toBe(1);
    expect(out.join("\n")).toContain("gen/bank/v1/account_cqrs.js is not what the contract generates");
  });

  it("gets the stubs that it lacks, as with TypeScript", async () => {
    project.write("buf.gen.yaml", withOptions("target=js+dts"));
    expect(await main(["generate"], project.folder)).toBe(0);
    expect(project.read("src/account.ts")).toContain('import { Account } from "../gen/bank/v1/account_cqrs.js";');
    expect(await main(["scaffold"], project.folder)).toBe(0);
    expect(errors).toEqual(["nothing to do: your files have all that the contract needs"]);
  });

  it.each([
    [
      "target=mjs",
      'invalid value "mjs" of option "target": expected "ts" or "js" or "dts", joined by "+"; did you mean "js"?',
    ],
    [
      "target=js, import_extension=ts",
      'option "import_extension" cannot be "ts" with target=js: JavaScript and declarations import files of JavaScript; use "js" or "none"',
    ],
  ])("with %s is refused with its place, and nothing is written", async (options, message) => {
    project.write("buf.gen.yaml", withOptions(options));
    expect(await main(["generate"], project.folder)).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/^potter: buf\.gen\.yaml:8:5: protoc-gen-potter-cqrs: /)]);
    expect(errors[0]).toContain(message);
    expect(project.tree("gen")).toEqual({});
  });

  it("with a protoplugin that cannot transpile is refused with its place, and nothing is written", async () => {
    const modules = join(project.folder, "node_modules");
    project.remove("node_modules");
    mkdirSync(join(modules, "@bufbuild"), { recursive: true });
    for (const name of [
      ".bin",
      "@potter",
      ...readdirSync(join(root, "node_modules/@bufbuild"), "utf8").map((one) => `@bufbuild/${one}`),
    ]) {
      symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
    }
    project.write("node_modules/@bufbuild/protoplugin/index.js", "module.exports = {};\n");
    project.write("buf.gen.yaml", withOptions("target=js+dts"));
    expect(await main(["generate"], project.folder)).toBe(1);
    expect(errors).toEqual([
      `potter: buf.gen.yaml:8:5: protoc-gen-potter-cqrs: ${join(modules, "@bufbuild/protoplugin/index.js")} has no ` +
        "createEcmaScriptPlugin: npm install --save-dev @bufbuild/protoplugin@2",
    ]);
    expect(project.tree("gen")).toEqual({});
  });
});
