// Shared by the suites: the definition of a case, test messages, requests, projection steps. No cases of one suite only.
export { at, commandOf, streamOf, textsOf } from "./append-requests.js";
export { type ConformanceCase, defineCase, type OpenStore, type StoreUnderTest } from "./conformance-case.js";
export { expectInvalid, preconditionCases } from "./precondition-cases.js";
export { deadLetterOf, first, step, take } from "./projection-steps.js";
export { idsOf, leaseOf, put, table, tenant, write } from "./row-steps.js";
export { note, noted, rowCodec, type TestRow, tableOf, textOf } from "./test-messages.js";
