import { type Logger, markLogged, type RunningCalls } from "../cqrs/index.js";
import { markEnded, PotterError } from "../errors/index.js";
import type { Relay } from "../outbox/index.js";
import type { Store } from "../store/ports/index.js";
import type { EventTail } from "../store/subscriptions/index.js";
import type { Background } from "./background.js";
import type { ReadSide } from "./read-side.js";
import { within } from "./within.js";

/** How long the parts of an app may take to stop once no call is under way, in milliseconds. */
const partsTimeout = 2_000;
/** How long a store may take beyond the time that it was given, in milliseconds. */
const storeGrace = 2_000;

interface ShutdownParts {
  readonly calls: RunningCalls;
  readonly background: Background;
  readonly relay: Relay | undefined;
  readonly readSide: ReadSide;
  readonly tail: EventTail;
  readonly store: Store;
  readonly logger: Logger;
  /** How long calls that are under way are waited for. */
  readonly stopTimeout: number;
}

export interface Shutdown {
  run(): Promise<void>;
  /** Calls back when the app begins to stop. Returns the function that takes it back. */
  onStop(listener: () => void): () => void;
}

/** Stops the parts of an app in their order: first what comes from outside, then what it needs. */
export function createShutdown(parts: ShutdownParts): Shutdown {
  const { calls, background, relay, readSide, tail, store, logger, stopTimeout } = parts;
  const listeners = new Set<() => void>();

  const drain = async () => {
    // These have no end of their own. Their callers can go on elsewhere.
    const stopping = new PotterError("unavailable", "the app is stopping: take the stream up again");
    markEnded(markLogged(stopping));
    tail.stop(stopping);
    readSide.endWatches(stopping);
    for (const listener of listeners) listener();
    const work = calls.settled().then(() => background.settled());
    if (await within(stopTimeout, work)) return;
    const message = "the app has stopped before the call had ended: whether it took effect is not known";
    logger.warn("calls were ended, since they ran longer than the app waits when it stops", {
      calls: calls.all.length,
      stopTimeout,
    });
    calls.fail(markLogged(new PotterError("unavailable", message)));
  };

  const stopParts = async () => {
    const stopped = Promise.all([relay?.stop(), readSide.stop()]);
    if (!(await within(partsTimeout, stopped))) {
      logger.warn("projections and outbox were left, since they did not end in time", { partsTimeout });
    }
  };

  return {
    async run() {
      await drain();
      try {
        await stopParts();
      } finally {
        if (!(await within(partsTimeout + storeGrace, store.stop({ timeout: partsTimeout })))) {
          logger.warn("the store was left, since it did not close in time", { store: store.name });
        }
      }
    },
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
