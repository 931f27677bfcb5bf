// For tests of services and of adapters: specifications of parts, and conformance suites of ports.
export { ExpectationError } from "./expectation.js";
export { fixedClock } from "./fixed-clock.js";
export { type Outcome, type Specification, type SpecifyOptions, specify } from "./specify.js";
