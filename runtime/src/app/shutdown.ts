import { type Logger, markLogged, type RunningCalls } from "../cqrs/index.js";
import type { EventLog, Reactions, ReadSide, Sagas, Scheduling, Waiting } from "../engines/index.js";
import { markEnded, PotterError } from "../errors/index.js";
import type { Relay } from "../outbox/index.js";
import type { Store } from "../store/ports/index.js";
import type { Background } from "./background.js";
import { within } from "./settles-within.js";

/** How long the parts of an app may take to stop after the last call has ended, in milliseconds. */
const partsTimeout = 2_000;
/** How long a store may exceed its own stop timeout, in milliseconds. */
const storeGrace = 2_000;

interface ShutdownParts {
  readonly calls: RunningCalls;
  readonly background: Background;
  readonly relay: Relay | undefined;
  readonly readSide: ReadSide | undefined;
  readonly acting: Reactions | undefined;
  readonly scheduling: Scheduling | undefined;
  readonly sagaSide: Sagas | undefined;
  readonly log: EventLog | undefined;
  readonly waiting: Waiting | undefined;
  readonly store: Store;
  readonly logger: Logger;
  /** How long to wait for running calls, in milliseconds. */
  readonly stopTimeout: number;
}

/** Stops an app. */
export interface Shutdown {
  run(): Promise<void>;
  /** Calls the listeners of `onStop`, each once. */
  announce(): void;
  /** Calls the listener when the app or its server begins to stop. Returns the function that removes it. */
  onStop(listener: () => void): () => void;
}

/** Stops the parts of an app in order: first incoming calls, then the workers, then the store that both need. */
export function createShutdown(parts: ShutdownParts): Shutdown {
  const { calls, background, relay, readSide, acting, scheduling, sagaSide, log, waiting, store, logger, stopTimeout } =
    parts;
  const listeners = new Set<() => void>();

  const announce = () => {
    const all = [...listeners];
    listeners.clear();
    for (const listener of all) listener();
  };

  const drain = async () => {
    // These streams are endless. Their callers can resume on another process.
    const stopping = new PotterError("unavailable", "the app is stopping: resume the stream later");
    markEnded(markLogged(stopping));
    // First: what they wait for is pending, and no failure.
    waiting?.end();
    log?.tail.stop(stopping);
    readSide?.endWatches(stopping);
    sagaSide?.endWatches(stopping);
    announce();
    const ending = [calls.settled(), readSide?.endActing(), scheduling?.stop(), sagaSide?.endWork()];
    const work = Promise.all(ending).then(() => background.settled());
    if (await within(stopTimeout, work)) return;
    const message = "the app stopped before the call ended: whether it took effect is unknown";
    logger.warn("calls were aborted because they ran longer than stopTimeout", {
      calls: calls.all.length,
      stopTimeout,
    });
    calls.fail(markLogged(new PotterError("unavailable", message)));
    acting?.abort();
  };

  const stopParts = async () => {
    const stopped = Promise.all([relay?.stop(), readSide?.stop(), sagaSide?.stop()]);
    if (!(await within(partsTimeout, stopped))) {
      logger.warn("projections, sagas and outbox did not stop in time", { partsTimeout });
    }
  };

  return {
    announce,
    async run() {
      await drain();
      try {
        await stopParts();
      } finally {
        if (!(await within(partsTimeout + storeGrace, store.stop({ timeout: partsTimeout })))) {
          logger.warn("the store did not close in time", { store: store.name });
        }
      }
    },
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
