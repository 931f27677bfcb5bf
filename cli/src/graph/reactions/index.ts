// Reactions in users' code: their names, the events that they handle, the commands that they send. Read without types.
export { type FoundReaction, findReactions, type NameInModule } from "./find-reactions.js";
