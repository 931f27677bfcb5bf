const erased = new WeakSet<object>();

/** Marks a message whose personal fields can no longer be decrypted. Returns the message. */
export function markErased<T>(message: T): T {
  if (typeof message === "object" && message !== null) erased.add(message);
  return message;
}

/**
 * Whether an event's message lacks its personal fields because their data subject was erased. An empty field alone does not
 * show this, since it may have been empty from the start. For `evolve` and `upcast`, which receive only the message.
 */
export function isErased(message: unknown): boolean {
  return typeof message === "object" && message !== null && erased.has(message);
}
