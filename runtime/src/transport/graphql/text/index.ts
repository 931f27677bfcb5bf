// Operations whose result is written as JSON text, without objects in between. Whatever this form cannot write, errors above all, is
// executed in the other form. Selections that are used often are compiled as straight-line code where the platform allows it.
export { planOperationText, type RootField, type RootFieldText } from "./operation-text.js";
export { Frame, TextRun } from "./text-run.js";
