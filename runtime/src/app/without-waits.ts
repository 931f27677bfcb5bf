import { type Bus, type BusOptions, createBus } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";

/** Creates the bus of an app whose clients cannot wait: it refuses calls that ask for it, which it might answer with stale rows. */
export function createBusWithoutWaits(options: BusOptions): Bus {
  const { send, dispatch } = createBus(options);
  return {
    send,
    dispatch: (method, request, callOptions) =>
      callOptions?.wait === undefined
        ? dispatch(method, request, callOptions)
        : Promise.reject(new PotterError("unimplemented", "this app has no waits: pass waits: waits() to createApp")),
  };
}
