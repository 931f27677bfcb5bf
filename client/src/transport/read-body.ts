import { toNetworkError } from "./failure.js";
import type { OutgoingCall } from "./transport.js";

/** Reads the body of a response as it arrives. Throws a PotterClientError for a fault of the network. */
export async function* readBody(call: OutgoingCall, response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
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
