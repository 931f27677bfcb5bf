// Potter in a project that has buf already: what would change in its files, shown first, and the change. Text is only inserted.
export { applyEdits } from "./apply-edits.js";
export type { AdoptionPlan, Edit, Snippet } from "./plan.js";
export { isBufProject, planAdoption } from "./plan-adoption.js";
