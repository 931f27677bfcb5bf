import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/longest-first.js";

/** Tests that start servers or processes, change their own process, or leave databases to the end of it. */
const isolated = ["{runtime/src/{adapters,app},cli/src,examples/*/src,tests}/**/*.test.ts"];

// biome-ignore lint/style/noDefaultExport: this is where vitest looks
export default defineConfig({
  test: {
    // A limit only ends what hangs: it must not measure how busy the machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // PGlite is WebAssembly in processes that end soon: optimizing its code takes more CPU time than it saves.
    execArgv: ["--liftoff-only"],
    // A database or a compiler in a test is a process of its own: more workers than cores only make it wait.
    maxWorkers: "100%",
    restoreMocks: true,
    // Vite and Node load different files of graphql, which does not accept its own objects from the other.
    server: { deps: { inline: [/@graphql-inspector/] } },
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: 300_000 } },
    setupFiles: ["tests/limits.ts", "tests/quick-pglite.ts", "tests/cpu-log.ts"],
    projects: [
      {
        extends: true,
        test: { name: "isolated", include: isolated, exclude: ["**/node_modules/**", "**/dist/**", "**/gen/**"] },
      },
      {
        extends: true,
        test: {
          name: "shared",
          include: ["{runtime,client,generator}/src/**/*.test.ts", "plugins/*/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "**/gen/**", ...isolated],
          // Loading the modules takes longer than most of these tests: the files of a worker share them.
          isolate: false,
        },
      },
    ],
  },
});
