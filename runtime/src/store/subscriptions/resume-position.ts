import { PotterError, positionLost } from "../../errors/index.js";
import type { EventStore, RecordedEvent } from "../ports/index.js";

/**
 * The position of an event as an opaque string, after which a stream resumes: see {@link readResumePosition}. It names the event too,
 * so that a store that was restored or emptied recognises a position of its former life.
 */
export function resumePositionOf({ position, id }: Pick<RecordedEvent, "position" | "id">): string {
  return `${position}-${tagOf(id)}`;
}

/**
 * Reads a position that {@link resumePositionOf} has written, or a plain one, such as `0`. Returns the position in the log. Rejects with
 * `invalid_argument` for other texts, and with `out_of_range` and the reason `POSITION_LOST` if the store does not have it: then
 * events are missing, and the client has to load the present state. `what` names what was given.
 */
export async function readResumePosition(
  events: Pick<EventStore, "readAll" | "head" | "last">,
  text: string,
  what = "the position",
): Promise<number> {
  const [, digits = "", tag] = /^(\d{1,15})(?:-([\w]{1,12}))?$/.exec(text) ?? [];
  if (digits === "") {
    const violation = { field: "after", rule: "position", message: "must be the position of an event, or 0" };
    throw new PotterError("invalid_argument", `${what} ${violation.message}`, { violations: [violation] });
  }
  const position = Number(digits);
  if (position === 0) return position;
  if (tag !== undefined) {
    const slice = await events.readAll(position - 1, 1);
    const [event] = slice.events;
    if (event?.position === position && tagOf(event.id) === tag) return position;
    if (event !== undefined || slice.position >= position) throw positionLost(what);
  }
  // Not visible yet in this process, or a position without an event.
  if (position <= (await events.head())) return position;
  if (position <= ((await events.last())?.position ?? 0)) return position;
  throw positionLost(what);
}

/** The position after which new events follow, as a number and as a string for {@link readResumePosition}. */
export async function presentPosition(
  events: Pick<EventStore, "readAll" | "head">,
): Promise<{ readonly position: number; readonly text: string }> {
  const position = await events.head();
  const [event] = position === 0 ? [] : (await events.readAll(position - 1, 1)).events;
  return { position, text: event?.position === position ? resumePositionOf(event) : String(position) };
}

/** The random end of a UUID. */
function tagOf(id: string): string {
  return id.slice(-12);
}
