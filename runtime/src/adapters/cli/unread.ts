import { describeOpenAppend, type EventStore } from "../../event-store/index.js";
import type { Terminal } from "./terminal.js";
import { printCount } from "./time.js";

/**
 * Says how many events are committed beyond the head that a command reads up to, and what they wait for: what it gives is not
 * all that there is. `to`: the last position that is wanted.
 */
export async function warnOfUnread(
  terminal: Terminal,
  events: EventStore,
  { head, to }: { readonly head: number; readonly to: number },
): Promise<void> {
  if (to <= head) return;
  const last = await events.last();
  if (last === undefined || last.position <= head) return;
  // Those that were appended since the head was looked up can be read, and are no matter.
  if ((await events.head()) >= last.position) return;
  const open = (await events.openAppends?.()) ?? [];
  const count = Math.min(last.position, to) - head;
  terminal.tell(
    `warning: up to ${printCount(count)} committed ${count === 1 ? "event" : "events"} beyond position ${head} cannot be read yet and ${count === 1 ? "is" : "are"} left out, since an append below is still open${open.map((one) => `; ${describeOpenAppend(one)}`).join("")}\n`,
  );
}
