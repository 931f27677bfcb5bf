import type { AnyMethod, Bus, CallOptions } from "../cqrs/index.js";
import { isPotterError, PotterError } from "../errors/index.js";
import { defaultWait, type RunnerControl } from "../projection/index.js";
import type { EventStore } from "../store/ports/index.js";
import type { ReadModelReference } from "./read-model-reference.js";

/** The options of one call by `app.send`, `app.query` or an in-process client. */
export interface SendOptions extends CallOptions {
  /**
   * Read models that must include the effects of the command before the call resolves (read your writes). Waits for the rest of
   * the method's timeout, or 10 s if it has none, or until `signal` aborts; then the call rejects, although the command has
   * taken effect. While a read model does not keep up, calls are refused with `unavailable` before they run. Default: none.
   */
  readonly waitFor?: readonly ReadModelReference[];
}

/** Calls a method, and returns its response when the projections include its effects. */
export async function sendAndWait(
  bus: Bus,
  events: EventStore,
  controls: readonly RunnerControl[],
  method: AnyMethod,
  request: unknown,
  options: CallOptions,
): Promise<unknown> {
  // Before the command runs, so that the caller can repeat it.
  for (const control of controls) control.checkLoad();
  const start = performance.now();
  const result = await bus.dispatch(method, method.request.create(request), options);
  // The position is unknown for a replayed response and for a plain function.
  const position = result.position ?? (await events.last())?.position ?? 0;
  const timeout = Math.max(0, (method.timeout ?? defaultWait) - (performance.now() - start));
  const signal = options.signal;
  try {
    await Promise.all(controls.map((control) => control.waitFor(position, { timeout, ...(signal && { signal }) })));
  } catch (error) {
    if (!isPotterError(error)) throw error;
    throw new PotterError(
      error.code,
      `${method.name} succeeded, but waiting for its read models failed: ${error.message}`,
      { cause: error },
    );
  }
  return result.response;
}
