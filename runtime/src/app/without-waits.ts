import { type Bus, type BusOptions, createBus } from "../cqrs/index.js";
import type { Waiting } from "../engines/index.js";
import { PotterError } from "../errors/index.js";

/** Creates the bus of an app whose clients cannot wait: it refuses calls that ask for it, which it might answer with stale rows. */
export function createBusWithoutWaits(options: BusOptions): Bus {
  const { send, dispatch } = createBus(options);
  return {
    send: (method, request, callOptions) =>
      callOptions?.wait === undefined ? send(method, request, callOptions) : refuse(),
    dispatch: (method, request, callOptions) =>
      callOptions?.wait === undefined ? dispatch(method, request, callOptions) : refuse(),
  };
}

/** What an app without waits does for callers of its own process. */
export const withoutWaits: Pick<Waiting, "bind"> = { bind: () => ({ invoke: refuse, resumeWait: refuse }) };

async function refuse(): Promise<never> {
  throw new PotterError("unimplemented", "this app has no waits: pass waits: waits() to createApp");
}
