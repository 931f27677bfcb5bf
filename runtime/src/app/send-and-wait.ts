import type { AnyMethod, Bus, CallOptions } from "../cqrs/index.js";
import { isPotterError, PotterError } from "../errors/index.js";
import { defaultWait } from "../projection/index.js";
import type { EventStore } from "../store/ports/index.js";
import type { ReadModelReference, ReadSide } from "./read-side.js";

/** What a caller of the app may set. */
export interface SendOptions extends CallOptions {
  /**
   * Read models that must know what the command did before its answer is given: read your writes. Waits as long as the method's
   * timeout leaves, else 10 seconds, or until the signal aborts. If that is too short, the command has happened all the same.
   */
  readonly waitFor?: readonly ReadModelReference[];
}

/** Carries a command out, and gives its answer when the read models that the caller names know what it did. */
export async function sendAndWait(
  bus: Bus,
  events: EventStore,
  readSide: ReadSide,
  method: AnyMethod,
  request: unknown,
  { waitFor = [], ...options }: SendOptions,
): Promise<unknown> {
  // First, so that a name that is wrong is told before anything happens.
  const controls = waitFor.map((readModel) => readSide.control(readModel));
  const start = performance.now();
  const result = await bus.dispatch(method, method.request.create(request), options);
  // Of a command that was carried out before, or that is a plain function, it is not known what it appended.
  const position = result.position ?? (await events.last())?.position ?? 0;
  const timeout = Math.max(0, (method.timeout ?? defaultWait) - (performance.now() - start));
  const signal = options.signal;
  try {
    await Promise.all(controls.map((control) => control.waitFor(position, { timeout, ...(signal && { signal }) })));
  } catch (error) {
    if (!isPotterError(error)) throw error;
    throw new PotterError(
      error.code,
      `${method.name} was carried out, but the wait for its read models failed: ${error.message}`,
      { cause: error },
    );
  }
  return result.response;
}
