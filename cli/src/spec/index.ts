// `potter spec`: the documents of a project without its code.
export { help, run } from "./spec.js";
