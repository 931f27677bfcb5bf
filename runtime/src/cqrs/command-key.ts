import type { CallContext } from "./context.js";

/**
 * Returns the key under which a command is recorded. A command id belongs to its user, so that users cannot replay each other's
 * responses; stores separate tenants themselves. For an unknown user the key is the command id.
 */
export function commandKeyOf({ user, commandId }: Pick<CallContext, "user" | "commandId">): string {
  // The length makes the key unambiguous for every pair of user and id.
  return user === "" && !commandId.startsWith("@") ? commandId : `@${user.length}:${user}:${commandId}`;
}
