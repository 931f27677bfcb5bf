import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "bench/potter");
const bin = (name) => join(root, "node_modules/.bin", name);

/**
 * Generates the code of bench/potter/proto by Potter's own plugin and makes bench/potter/dist of the contenders. The
 * runtime is bundled from its sources, so that the benchmark measures the current code and not the last build.
 */
export function buildPotter() {
  built ??= build();
  return built;
}

/** Once for all benchmarks of a run. */
let built;

async function build() {
  if (!existsSync(join(root, "examples/shop/gen"))) {
    throw new Error("examples/shop/gen is not there: run npm run build first");
  }
  generate();
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: [
      "shop.ts",
      "trivial.ts",
      "ledger.ts",
      "orders.ts",
      "feed.ts",
      "till.ts",
      "command.ts",
      "saga.ts",
      "echo.ts",
      "echo-messages.ts",
    ].map((file) => join(folder, file)),
    outdir: join(folder, "dist"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "error",
    plugins: [runtimeFromSource, othersAsTheyAre],
  });
}

function generate() {
  const template = {
    version: "v2",
    clean: true,
    inputs: [{ directory: "bench/potter/proto" }],
    plugins: [
      {
        local: bin("protoc-gen-es"),
        out: "bench/potter/gen",
        opt: ["target=ts", "import_extension=js"],
        strategy: "all",
        include_imports: true,
      },
      { local: bin("protoc-gen-potter-cqrs"), out: "bench/potter/gen", strategy: "all" },
      { local: bin("protoc-gen-potter-saga"), out: "bench/potter/gen", strategy: "all" },
      {
        local: "plugins/protoc-gen-potter-client/bin/protoc-gen-potter-client.js",
        out: "bench/potter/gen",
        strategy: "all",
        types: ["bench.echo.v1.EchoService"],
      },
      {
        local: bin("protoc-gen-potter-graphql"),
        out: "bench/potter/gen",
        opt: ["output=file"],
        strategy: "all",
        types: ["orders.v1.OrderService", "ledger.v1.LedgerService", "ledger.v1.Account", "ledger.v1.Deposited"].map(
          (name) => `bench.${name}`,
        ),
      },
    ],
  };
  const modules = ["bench/potter/proto", "generator/proto"].map((path) => ({ path }));
  const config = JSON.stringify({ version: "v2", modules });
  const buf = spawnSync(bin("buf"), ["generate", "--template", JSON.stringify(template), "--config", config], {
    cwd: root,
    encoding: "utf8",
  });
  if (buf.status !== 0) throw new Error(`buf generate failed: ${buf.stderr}`);
}

/** Bundles the runtime of the repository. */
export const runtimeFromSource = fromSource("runtime");

/** Bundles the client of the repository. */
export const clientFromSource = fromSource("client");

/** Bundles the sources of a package of the repository in place of its build. */
function fromSource(name) {
  return {
    name: `${name}-from-source`,
    setup(build) {
      const { exports } = JSON.parse(readFileSync(join(root, name, "package.json"), "utf8"));
      build.onResolve({ filter: new RegExp(`^@potter/${name}(/|$)`) }, ({ path }) => {
        const built = exports[path.replace(`@potter/${name}`, ".")];
        if (built === undefined) throw new Error(`${name}/package.json exports no ${path}`);
        const file = typeof built === "string" ? built : built.default;
        return { path: join(root, name, file.replace("./dist/", "src/").replace(/\.js$/, ".ts")) };
      });
    },
  };
}

const othersAsTheyAre = {
  name: "others-as-they-are",
  setup(build) {
    build.onResolve({ filter: /^[@a-z]/ }, () => ({ external: true }));
  },
};
