// What the contract requires of users' files: plain data, read from the model of @potter/generator. Knows no files.
export { type Candidates, createCandidates } from "./candidates.js";
export {
  type DeclarationMethod,
  type DefinitionName,
  declarationMethods,
  type Expected,
  type ExpectedCode,
  type ExpectedContract,
  type ExpectedObject,
  type ExpectedPart,
} from "./expected.js";
export { type GeneratedModules, readContract } from "./read-contract.js";
export { closedObject, openObject, printEntry, printExpected, stubFunction, stubValue } from "./stubs.js";
