import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: this is where vitest looks
export default defineConfig({
  test: {
    include: [
      "{runtime,generator}/src/**/*.test.ts",
      "plugins/*/**/*.test.ts",
      "examples/*/src/**/*.test.ts",
      "tests/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**", "**/gen/**"],
    // A limit only ends what hangs: it must not measure how busy the machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // PGlite is WebAssembly in processes that end soon: optimizing its code takes more CPU time than it saves.
    execArgv: ["--liftoff-only"],
    // A database or a compiler in a test is a process of its own: more workers than cores only make it wait.
    maxWorkers: "100%",
    restoreMocks: true,
    expect: { poll: { timeout: 120_000 } },
    setupFiles: ["tests/limits.ts", "tests/quick-pglite.ts", "tests/cpu-log.ts"],
  },
});
