import {
  type AnyMethod,
  type Bus,
  type BusOptions,
  type CallOptions,
  type CallResult,
  createBus,
} from "../cqrs/index.js";
import type { Waits } from "../waits/index.js";
import { waitMethod } from "../waits/index.js";

/**
 * Creates the bus of an app whose clients may wait. Their calls go by another bus, which is created for the first of them: its
 * middleware costs the others nothing.
 */
export function createWaitingBus(options: BusOptions, waits: Waits, resume: BusOptions["handlers"]): Bus {
  const { handlers, middleware = [] } = options;
  const bus = createBus({ ...options, waits: true, handlers: new Map([...handlers, ...resume]) });
  let slow: Bus | undefined;
  const wait = (method: AnyMethod, request: unknown, callOptions: CallOptions) => {
    const { wait: asked } = callOptions;
    if (asked === undefined || method === waitMethod()) return bus.dispatch(method, request, callOptions);
    slow ??= createBus({ ...options, waits: true, middleware: [...middleware, waits.middleware] });
    const { dispatch } = slow;
    // It carries what becomes known of this call. Transports create one for each, callers within the process may use theirs for several.
    const carried = asked.header === undefined ? { ...asked } : asked;
    const own = carried === asked ? callOptions : { ...callOptions, wait: carried };
    return waits.invoke(method, carried, own, () => dispatch(method, request, own));
  };
  return {
    send: (method, request, callOptions) =>
      callOptions?.wait === undefined
        ? bus.send(method, request, callOptions)
        : wait(method as unknown as AnyMethod, method.request.create(request), callOptions).then(toResponse),
    dispatch: (method, request, callOptions) =>
      callOptions?.wait === undefined ? bus.dispatch(method, request, callOptions) : wait(method, request, callOptions),
  };
}

function toResponse({ response }: CallResult): never {
  return response as never;
}
