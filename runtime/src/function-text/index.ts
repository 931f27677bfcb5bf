// Functions compiled from source text where the platform allows it. Callers have closures for where it does not. Imports no other module.
export { compileText, literal, property, type Refer, setTextAllowed } from "./compile-text.js";
