import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: this is where vitest looks
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/gen/**", "**/dist/**"],
    // A limit only ends what hangs: it must not measure how busy the machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: "100%",
    restoreMocks: true,
    expect: { poll: { timeout: 120_000 } },
    setupFiles: ["../tests/cpu-log.ts"],
    // openapi-typescript resolves references concurrently. When one fails (see its exceptions), the others reject unhandled.
    onUnhandledError: ({ stack = "" }) => !/@redocly\/openapi-core\/lib\/resolve\.js/.test(stack),
    // The tools print a lot.
    silent: "passed-only",
  },
});
