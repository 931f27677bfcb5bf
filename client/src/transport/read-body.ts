import { toNetworkError } from "./failure.js";
import type { OutgoingCall } from "./transport.js";

/** A body, or a message of one: bytes in the binary format, and text otherwise. */
export type Body = Uint8Array | string;

/**
 * Reads the whole body of a response, as text unless it is binary, which is cheaper for the platform than bytes that are decoded
 * here. Throws a PotterClientError for a fault of the network.
 */
export async function readAll(
  { method, signal }: OutgoingCall,
  response: Response,
  isBinary: boolean = false,
): Promise<Body> {
  try {
    return isBinary ? new Uint8Array(await response.arrayBuffer()) : await response.text();
  } catch (error) {
    throw toNetworkError(method, signal, error);
  }
}

/** Parses JSON that may be anything else, such as the page of a proxy: undefined. */
export function parseAny(text: Body): unknown {
  try {
    return JSON.parse(text as string);
  } catch {
    return undefined;
  }
}

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
