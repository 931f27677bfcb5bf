// Personal fields: cut out of a message's bytes, kept in ciphers, forgotten. Knows messages and stores, no library of either.
export { type Cut, cutPersonal, restorePersonal } from "./cut.js";
export { type CutPlan, cutPlanOf } from "./cut-plan.js";
