// The tsconfig of a project, through all that it extends. ts-morph is loaded only when one is read.
export { askCompiler, type SettingError } from "./ask-compiler.js";
export { readTsconfig, type Tsconfig } from "./read-tsconfig.js";
