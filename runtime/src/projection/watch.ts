import { onAbort, openWait, retryDelay } from "../async/index.js";
import { isWorthRetrying } from "../errors/index.js";
import type { RowTable } from "../store/ports/index.js";
import { unavailableBackoff } from "../store/subscriptions/index.js";
import type { ViewSource } from "./view-source.js";

/** How often a watched row is read again although nothing in this process has changed it, in milliseconds. */
const pollInterval = 1000;

/** The row whenever it differs from what was given last, until the signal aborts. Waits while the store is away, throws when the app stops. */
export async function* watchRow(
  source: ViewSource,
  tenant: string,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const { codec } = source.definition;
  let last: Uint8Array | undefined;
  let begun = false;
  let failures = 0;
  while (signal?.aborted !== true) {
    source.hub.throwIfEnded();
    let change: Pause | undefined;
    try {
      let row: unknown;
      try {
        const table = await source.table();
        // Armed before the read, so that no change falls between the two.
        change = nextChange(source, table, tenant, key, signal);
        row = await source.rows.get(table, tenant, key);
      } catch (error) {
        // Whoever has just begun can be told at once; whoever has rows already waits for the store to come back.
        if (!begun || !isWorthRetrying(error)) throw error;
        const retryIn = retryDelay(++failures, unavailableBackoff);
        source.report?.({ error, attempt: failures, retryIn });
        change?.cancel();
        change = pause(retryIn, (wake) => source.hub.onEnd(wake), signal);
        await change.happened;
        continue;
      }
      begun = true;
      failures = 0;
      const bytes = row === undefined ? undefined : codec.encode(row);
      if (bytes !== undefined && !equal(bytes, last)) {
        last = bytes;
        yield row;
      }
      await change.happened;
    } finally {
      change?.cancel();
    }
  }
}

function nextChange(
  { hub }: ViewSource,
  table: RowTable,
  tenant: string,
  key: string,
  signal: AbortSignal | undefined,
): Pause {
  return pause(pollInterval, (wake) => hub.once(table.name, tenant, key, wake), signal);
}

interface Pause {
  readonly happened: Promise<void>;
  cancel(): void;
}

/** Waits so many milliseconds, or until it is woken, or the signal aborts. */
function pause(milliseconds: number, listen: (wake: () => void) => () => void, signal: AbortSignal | undefined): Pause {
  const { ended, end } = openWait(milliseconds);
  const forget = listen(end);
  const forgetSignal = onAbort(signal, end);
  return {
    happened: ended,
    cancel() {
      end();
      forget();
      forgetSignal();
    },
  };
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
