// Shared by the processes of a stress test: the event, its streams, and retries after a lost connection.
import { setTimeout as sleep } from "node:timers/promises";

/** An event whose payload is plain bytes. */
export const soaked = { type: "soak.Soaked", version: 1, codec: { encode: (data) => data } };

export const streamCount = 24;

export function streamOf(index) {
  return { tenant: "", type: "Soak", id: String(index) };
}

/** Retries while the server is unavailable. Throws every other error. */
export async function patiently(work, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > end) throw error;
      await sleep(30);
    }
  }
}

/** Whether an error means that the server or the connection is lost. */
export function isAway(error) {
  const text = `${error?.code} ${error?.message} ${error?.cause?.code ?? ""}`;
  return /^(unavailable|resource_exhausted|57P0\d|08\d{3}|E[A-Z]+) |Connection terminated|terminating connection/.test(
    text,
  );
}

export { sleep };
