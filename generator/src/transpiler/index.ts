// Compiles generated TypeScript to JavaScript and declarations by @bufbuild/protoplugin, which is loaded only when that is asked for.
export { createTranspiler } from "./create-transpiler.js";
