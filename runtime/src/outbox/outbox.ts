import type { Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Engine } from "../message/index.js";
import type { Store } from "../store/ports/index.js";
import type { OutboxOptions } from "./options.js";
import { Relay } from "./relay.js";

/** Sends the messages of an outbox. */
export interface OutboxEngine extends Engine<"outbox"> {
  /** Opens the outbox of a store. Throws a PotterError for an invalid option, or a store without an outbox. */
  open(store: Store, logger: Logger): Relay;
}

/**
 * Publishes the events of aggregates that store their state: `createApp({ outbox: outbox({ publish }) })`. Without `publish` the
 * app only stores messages, which another process sends. `createApp` throws a PotterError `invalid_argument` for an option out of
 * bounds, and for a store without an outbox.
 */
export function outbox(options: OutboxOptions = {}): Engine<"outbox"> {
  const engine: OutboxEngine = {
    name: "outbox",
    open(store, logger) {
      if (store.outbox !== undefined) return new Relay(store.outbox, options, logger);
      const message = `the store ${store.name} has no outbox, but createApp was given "outbox"`;
      throw new PotterError("invalid_argument", message);
    },
  };
  return engine;
}
