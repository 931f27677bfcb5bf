import type { HttpBody } from "./http-body.js";
import { Interruption } from "./interruption.js";
import { Reading } from "./reading.js";

/** The longest wait that a timer can be set to: raw bytes have no comments, so silence is silence. */
const forever = 2 ** 31 - 1;

/**
 * Begins to read bodies and gives their bytes as one, of the type of the first; no type where there is none. Waits for the
 * first and rejects with what fails before it; what fails later breaks the stream off.
 */
export async function openRawStream(
  bodies: AsyncIterable<unknown>,
  toHttpBody: (body: unknown) => HttpBody,
  signal: AbortSignal,
): Promise<{ readonly contentType: string | undefined; readonly body: AsyncIterable<Uint8Array> }> {
  const iterator = bodies[Symbol.asyncIterator]();
  const { done, value } = await iterator.next();
  const first = done === true ? undefined : toHttpBody(value);
  return {
    contentType: first?.contentType,
    body: new Reading(iterator, writeBytes(iterator, first, toHttpBody, signal)),
  };
}

async function* writeBytes(
  iterator: AsyncIterator<unknown>,
  first: HttpBody | undefined,
  toHttpBody: (body: unknown) => HttpBody,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (first === undefined) return;
  const interruption = new Interruption(signal, forever);
  let done = false;
  try {
    yield first.data;
    let next = iterator.next();
    while (!signal.aborted) {
      const result = await Promise.race([next, interruption.wait()]);
      if (result === "aborted") return;
      if (result === "silence") continue;
      done = result.done === true;
      if (result.done === true) return;
      yield toHttpBody(result.value).data;
      next = iterator.next();
    }
  } finally {
    interruption.end();
    if (!done) Reading.release(iterator);
  }
}
