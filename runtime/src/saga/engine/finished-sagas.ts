import type { RowTransaction, Store } from "../../store/ports/index.js";
import { hasEnded, type SagaInstance } from "../machine/index.js";
import type { DeclaredSagas, StoreClock } from "../transaction/index.js";
import { consumerNameOf, type SagaKey } from "../transaction/index.js";

/** How long a saga that still has to stay is left alone, at least, in milliseconds. */
const shortestStay = 60_000;

/** Removes sagas that ended long enough ago: their rows are due again then. */
export class FinishedSagas {
  private readonly store: Pick<Store, "rows" | "projections">;
  private readonly sagas: DeclaredSagas;
  private readonly clock: StoreClock;
  private readonly retention: number | undefined;
  /** By saga, the position up to which all events are handled. It may be behind. */
  private readonly handled = new Map<string, number>();
  private readonly reads = new Map<string, Promise<number>>();

  constructor(
    store: Pick<Store, "rows" | "projections">,
    sagas: DeclaredSagas,
    clock: StoreClock,
    retention: number | undefined,
  ) {
    this.store = store;
    this.sagas = sagas;
    this.clock = clock;
    this.retention = retention;
  }

  /** Removes a saga, or notes when to look at it again. Resolves with whether one of them was possible. */
  async remove({ type, tenant, id }: SagaKey): Promise<boolean> {
    const table = this.sagas.get(type)?.table;
    const found = table && (await this.store.rows.get(table.table, tenant, id));
    if (table === undefined || found === undefined) return false;
    const isHandled = await this.isHandled(type, table.toInstance(found));
    return this.store.rows.transact(async (rows) => {
      const row = await rows.get(table.table, tenant, id);
      const saga = row === undefined ? undefined : table.toInstance(row);
      if (saga === undefined || !hasEnded(saga)) return false;
      const due = await this.dueOf(saga, isHandled, rows);
      // It has ended since it was found to be due.
      if (due === (row as { readonly due: number }).due) return false;
      if (due === "now") await rows.delete(table.table, tenant, id);
      else await rows.put(table.table, tenant, id, { ...(row as object), due });
      return true;
    });
  }

  /** When a saga is removed or looked at again; 0: never, since the app keeps what has ended. */
  private async dueOf(saga: SagaInstance, isHandled: boolean, rows: RowTransaction): Promise<number | "now"> {
    const { retention } = this;
    if (retention === undefined) return 0;
    const now = this.clock.now();
    if (saga.updatedAt + retention > now) return saga.updatedAt + retention;
    if (isHandled && (await this.areAncestorsOver(saga, rows))) return "now";
    return now + Math.max(retention, shortestStay);
  }

  /** Whether the event that started a saga is not read again, which would start the saga again. */
  private async isHandled(type: string, { origin: { position } }: SagaInstance): Promise<boolean> {
    if (position === undefined || position <= (this.handled.get(type) ?? -1)) return true;
    let read = this.reads.get(type);
    if (read === undefined) {
      read = this.readHandled(type).finally(() => this.reads.delete(type));
      this.reads.set(type, read);
    }
    return position <= (await read);
  }

  private async readHandled(type: string): Promise<number> {
    const builds = await this.store.projections.list([consumerNameOf(type)]);
    const handled = Math.min(...builds.flatMap(({ shards }) => shards.map(({ position }) => position)));
    const known = Number.isFinite(handled) ? handled : -1;
    this.handled.set(type, known);
    return known;
  }

  /** A parent that is compensated compensates its children, also those that have ended. */
  private async areAncestorsOver({ tenant, origin }: SagaInstance, rows: RowTransaction): Promise<boolean> {
    for (let { parent } = origin; parent !== undefined; ) {
      const table = this.sagas.get(parent.type)?.table;
      if (table === undefined) return false;
      const row = await rows.get(table.table, tenant, parent.id);
      // It was removed after all of its own ancestors had ended.
      if (row === undefined) return true;
      const saga = table.toInstance(row);
      if (!hasEnded(saga)) return false;
      ({ parent } = saga.origin);
    }
    return true;
  }
}
