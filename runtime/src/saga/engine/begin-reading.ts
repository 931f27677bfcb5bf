import type { Logger } from "../../cqrs/index.js";
import type { EventConsumer } from "../../projection/index.js";
import type { Store } from "../../store/ports/index.js";

/**
 * Notes where the consumers of an app's sagas begin to read the log, unless they have begun. Must be done before this process can start a
 * saga: an event that is recorded after the saga, and before its consumer begins, would be lost.
 */
export async function beginReading(
  { events, projections }: Pick<Store, "events" | "projections">,
  consumers: readonly EventConsumer[],
  logger: Logger,
): Promise<void> {
  if (consumers.length === 0) return;
  const builds = await projections.list(consumers.map(({ name }) => name));
  const known = new Set(builds.map(({ name }) => name));
  const added = consumers.filter(({ name }) => !known.has(name));
  if (added.length === 0) return;
  const after = await events.head();
  for (const { name, version, shards = 1 } of added) {
    await projections.register({ name, version, shards, after });
    logger.info("a saga begins to read the log: it receives events that are recorded from now on", {
      consumer: name,
      after,
    });
  }
}
