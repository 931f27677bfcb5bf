// Checks that throw what test runners can show. Knows nothing of the runtime.
export { ExpectationError, expectEqual, expectTrue } from "./expectation.js";
