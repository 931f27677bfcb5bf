import { describeOpenAppend, type EventStore } from "../../../store/ports/index.js";
import type { Terminal } from "../terminal/index.js";
import { printCount } from "../terminal/index.js";

/**
 * Warns when committed events lie beyond the high-water mark up to which a command reads, with their number and the open
 * appends that hold the mark back: the output of the command is then incomplete. `to` is the last requested position.
 */
export async function warnOfUnreadEvents(
  terminal: Terminal,
  events: EventStore,
  { head, to }: { readonly head: number; readonly to: number },
): Promise<void> {
  if (to <= head) return;
  const last = await events.last();
  if (last === undefined || last.position <= head) return;
  // Events that were appended after the mark was read can be read by now, and need no warning.
  if ((await events.head()) >= last.position) return;
  const open = (await events.openAppends?.()) ?? [];
  const count = Math.min(last.position, to) - head;
  terminal.log(
    `warning: up to ${printCount(count)} committed ${count === 1 ? "event" : "events"} beyond position ${head} cannot be read yet and ${count === 1 ? "is" : "are"} left out, because an earlier append is still open${open.map((one) => `; ${describeOpenAppend(one)}`).join("")}\n`,
  );
}
