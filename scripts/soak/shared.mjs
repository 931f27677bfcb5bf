// What the processes of a stress share: how an event looks, how long to wait, how to take a lost connection.
import { setTimeout as sleep } from "node:timers/promises";

/** An event whose payload is bytes as they come. */
export const soaked = { type: "soak.Soaked", version: 1, codec: { encode: (data) => data } };

export const streamCount = 24;

export function streamOf(index) {
  return { tenant: "", type: "Soak", id: String(index) };
}

/** Tries until it succeeds: the server may be down for a moment. Throws what another cause throws. */
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

/** Whether an error says that the server, or the connection, has gone. */
export function isAway(error) {
  const text = `${error?.code} ${error?.message} ${error?.cause?.code ?? ""}`;
  return /^(unavailable|resource_exhausted|57P0\d|08\d{3}|E[A-Z]+) |Connection terminated|terminating connection/.test(
    text,
  );
}

export { sleep };
