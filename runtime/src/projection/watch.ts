import { openWait, type RowTable } from "../event-store/index.js";
import type { ViewSource } from "./view-source.js";

/** How often a watched row is read again although nothing in this process has changed it, in milliseconds. */
const pollInterval = 1000;

/** The row whenever it differs from what was given last, until the signal aborts. Throws when the app stops. */
export async function* watchRow(
  source: ViewSource,
  tenant: string,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const { codec } = source.definition;
  let last: Uint8Array | undefined;
  while (signal?.aborted !== true) {
    source.hub.throwIfEnded();
    const table = await source.table();
    // Armed before the read, so that no change falls between the two.
    const change = nextChange(source, table, tenant, key, signal);
    try {
      const row = await source.rows.get(table, tenant, key);
      const bytes = row === undefined ? undefined : codec.encode(row);
      if (bytes !== undefined && !equal(bytes, last)) {
        last = bytes;
        yield row;
      }
      await change.happened;
    } finally {
      change.cancel();
    }
  }
}

function nextChange(
  { hub }: ViewSource,
  table: RowTable,
  tenant: string,
  key: string,
  signal: AbortSignal | undefined,
): { readonly happened: Promise<void>; cancel(): void } {
  const { ended, end } = openWait(pollInterval);
  const forget = hub.once(table.name, tenant, key, end);
  signal?.addEventListener("abort", end, { once: true });
  return {
    happened: ended,
    cancel() {
      end();
      forget();
      signal?.removeEventListener("abort", end);
    },
  };
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
