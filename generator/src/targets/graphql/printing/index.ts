// Prints a schema as SDL and as a TypeScript module. Builds nothing.
export { emitModule } from "./emit-module.js";
export { printSdl } from "./print-schema.js";
