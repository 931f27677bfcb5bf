import type { AnyMethod, BegunWait, CallResult } from "../cqrs/index.js";
import type { EventStore } from "../store/ports/index.js";

/** How far back the events of a replayed command are looked for whose stream is not known, in positions of the log. */
const lookBack = 10_000;

/** Of the events of one stream: more than a command records. */
const batch = 100;

type Begin = Pick<BegunWait, "from" | "correlationId">;

/**
 * Where the events begin to which a command has led that was carried out before, and their correlation id, which the first call may
 * have chosen. `streamType`: of its aggregate; undefined: the command has none.
 */
export async function beginOfReplayed(
  events: Pick<EventStore, "readStream">,
  begun: BegunWait,
  { id, version }: CallResult,
  streamType: string | undefined,
): Promise<Begin> {
  if (streamType === undefined || id === undefined || version === undefined || version === 0) {
    return { ...begun, from: Math.max(0, begun.from - lookBack) };
  }
  const stream = { tenant: begun.tenant, type: streamType, id };
  const recorded = await events.readStream(stream, { before: version + 1, limit: batch, backwards: true });
  const [last] = recorded;
  if (last === undefined) return begun;
  const own = recorded.filter(({ causationId }) => causationId === last.causationId);
  const first = Math.min(...own.map(({ position }) => position));
  return { from: first - 1, correlationId: last.correlationId };
}

/** Whether the response of a command was recorded by an earlier call. */
export function isReplayed({ kind }: AnyMethod, { commandId }: BegunWait, { position }: CallResult): boolean {
  return kind === "command" && commandId !== undefined && position === undefined;
}
