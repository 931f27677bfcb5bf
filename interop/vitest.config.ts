import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: this is where vitest looks
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/gen/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: "100%",
    restoreMocks: true,
    // openapi-typescript looks at references at once, and when it gives up (see its exceptions), nobody waits for the others.
    onUnhandledError: ({ stack = "" }) => !/@redocly\/openapi-core\/lib\/resolve\.js/.test(stack),
    // The tools talk a lot.
    silent: "passed-only",
  },
});
