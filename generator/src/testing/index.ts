// For tests: compile proto strings, and see what a user is told about them. Runs buf; no part of any output.
export { compileProto, narrow, type ProtoFiles } from "./compile-proto.js";
export { contract } from "./contract.js";
export { diagnose, diagnoseContract } from "./diagnose.js";
