import { toNetworkError } from "./failure.js";
import type { OutgoingCall } from "./transport.js";

/**
 * Reads the body of a response as it arrives. Throws a PotterClientError for a fault of the network. `idleTimeout`: milliseconds
 * without a byte after which it ends; 0: no limit. Default: that of the call.
 */
export async function* readBody(
  call: OutgoingCall,
  response: Response,
  idleTimeout: number = call.idleTimeout ?? 0,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const timer = idleTimeout > 0 ? setTimeout(() => reader.cancel().catch(() => {}), idleTimeout) : undefined;
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw toNetworkError(call.method, call.signal, error);
  } finally {
    // Not awaited: a body that is read to its end, or broken, has nothing more to say.
    reader.cancel().catch(() => {});
  }
}
