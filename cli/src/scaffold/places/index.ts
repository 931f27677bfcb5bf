// Finds places in users' files: calls that declare behaviour, and the object literals behind their arguments. ts-morph parses;
// nothing here writes.
export { Bindings } from "./bindings.js";
export { type Declaration, findDeclarations } from "./declarations.js";
export { ImportGraph } from "./import-graph.js";
export { type Member, type Members, membersOf } from "./members.js";
export type { GeneratedLayout } from "./module-paths.js";
export type { Seen } from "./seen.js";
export { type SyntaxError, UserSources, type UserTexts } from "./user-sources.js";
export { exportedNamesOf, findUses, isUsedHere, type LeftOut, type UnclearUse } from "./uses.js";
