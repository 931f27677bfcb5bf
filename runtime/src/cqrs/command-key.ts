import type { CallContext } from "./context.js";

/**
 * The id under which a command is recorded: a command id belongs to the user who gave it (and to the tenant, which stores
 * keep apart), so that nobody gets the answer to another's. Of a user who is not known it is the id as it is.
 */
export function commandKeyOf({ user, commandId }: Pick<CallContext, "user" | "commandId">): string {
  // With its length: no two users and ids may be written the same.
  return user === "" && !commandId.startsWith("@") ? commandId : `@${user.length}:${user}:${commandId}`;
}
