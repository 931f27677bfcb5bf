// Prints TypeScript: emitters print symbols, and imports are derived from them. Knows neither model nor runtime.
export { printDocumentation } from "./documentation.js";
export { printHeader } from "./header.js";
export { type ImportExtension, toSpecifier } from "./import-path.js";
export { printJsDoc, printProperty, printString } from "./literal.js";
export { type Printable, SourceFile } from "./source-file.js";
export { asType, type ImportSymbol, symbol } from "./symbol.js";
