// The two contracts of a comparison, and their elements in pairs. Starts no process.
export { type Contract, type ReadContract, readContract } from "./contract.js";
export {
  type Changes,
  type Comparison,
  isSameAggregate,
  type Pair,
  pairContracts,
  pairElements,
  rpcName,
  titleOf,
} from "./pairs.js";
