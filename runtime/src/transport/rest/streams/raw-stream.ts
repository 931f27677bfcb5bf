import { releaseIterator, StreamBody } from "../../../http/index.js";
import type { HttpBody } from "../messages/index.js";

/**
 * Starts to read bodies and returns their bytes as one body with the content type of the first; without a type if there is none.
 * Waits for the first and rejects with an error that occurs before it. A later error breaks the stream off.
 */
export async function openRawStream(
  bodies: AsyncIterable<unknown>,
  toHttpBody: (body: unknown) => HttpBody,
  signal: AbortSignal,
): Promise<{ readonly contentType: string | undefined; readonly body: AsyncIterable<Uint8Array> }> {
  const iterator = bodies[Symbol.asyncIterator]();
  const { done, value } = await iterator.next();
  const first = done === true ? undefined : toHttpBody(value);
  let next = first?.data;
  let ended = done === true;
  const pull = async (): Promise<Uint8Array | undefined> => {
    if (next !== undefined) {
      const data = next;
      next = undefined;
      return data;
    }
    if (ended) return undefined;
    const result = await iterator.next();
    ended = result.done === true;
    return result.done === true ? undefined : toHttpBody(result.value).data;
  };
  const body = new StreamBody({ pull, release: () => releaseIterator(iterator), signal });
  return { contentType: first?.contentType, body };
}
