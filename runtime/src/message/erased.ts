const erased = new WeakSet<object>();

/** Says of a message that its personal fields can no longer be read. Gives the message. */
export function markErased<T>(message: T): T {
  if (typeof message === "object" && message !== null) erased.add(message);
  return message;
}

/**
 * Whether the personal fields of an event's message are missing since their subject was forgotten: a field that is empty
 * may have been empty before. For `evolve` and `upcast`, which are given nothing but the message.
 */
export function isErased(message: unknown): boolean {
  return typeof message === "object" && message !== null && erased.has(message);
}
