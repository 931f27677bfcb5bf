import { streamItemIdOf } from "../../../cqrs/index.js";

/** For contexts that do not keep it themselves: the executor is between the source of a subscription and its sender. */
const positions = new WeakMap<object, string>();

/** Records the event id of an item, if it has one, as the position of the subscription. */
export function recordResumePosition(context: unknown, item: unknown): void {
  const id = streamItemIdOf(item);
  if (id === undefined || typeof context !== "object" || context === null) return;
  if ("$position" in context) context.$position = id;
  else positions.set(context, id);
}

/** The id of the last item of a subscription, or of its start. A client that lost its connection resumes after it. */
export function getResumePosition(context: object): string | undefined {
  return "$position" in context ? (context.$position as string | undefined) : positions.get(context);
}
