// Starts the test files that take longest first, so that no core waits for the last one.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest first, as `npm run slowest` shows them. */
const longest = [
  "tests/cli.test.ts",
  "cli/src/watch/recovery.test.ts",
  "cli/src/watch/watch.test.ts",
  "runtime/src/adapters/postgres/stress.test.ts",
  "generator/src/targets/cqrs/googleapis.test.ts",
  "runtime/src/adapters/pglite/pglite.test.ts",
  "tests/operating.test.ts",
  "runtime/src/adapters/postgres/projections.test.ts",
  "tests/install.test.ts",
  "tests/examples.test.ts",
  "tests/event-corpus.test.ts",
  "generator/src/targets/cqrs/compiled.test.ts",
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((path) => moduleId.endsWith(`/${path}`));
  return rank < 0 ? longest.length : rank;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rankOf(a) - rankOf(b));
  }
}
