import { eventIdOf } from "../../../cqrs/index.js";

/** By the context of an operation, since between its source and who sends its results stands whoever executes it. */
const places = new WeakMap<object, string>();

/** Keeps the id of an item, if it has one: where the subscription of this context stands. */
export function keepPlace(context: unknown, item: unknown): void {
  const id = eventIdOf(item);
  if (id !== undefined && typeof context === "object" && context !== null) places.set(context, id);
}

/** The id of the last item that a subscription has given, or of where it began: a client that was cut off goes on after it. */
export function placeOf(context: object): string | undefined {
  return places.get(context);
}
