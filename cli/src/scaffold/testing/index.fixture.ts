// For tests: contracts without protos, and runs over texts in memory.

export { type Declared, evaluate } from "./evaluate.fixture.js";
export { type Change, contractOf, type Names, runInMemory } from "./in-memory.fixture.js";
export { protoOf } from "./proto.fixture.js";
export { allNames, randomProject } from "./random-project.fixture.js";
export type { Random } from "./writer.fixture.js";
