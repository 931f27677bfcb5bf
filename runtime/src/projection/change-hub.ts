import type { RowTable } from "../event-store/index.js";
import type { Changes } from "./projector.js";

/** Tells watchers within this process which rows have changed. */
export class ChangeHub {
  private readonly waiting = new Map<string, Set<() => void>>();

  publish({ table, keys }: Changes): void {
    for (const { tenant, key } of keys) {
      const id = idOf(table, tenant, key);
      const listeners = this.waiting.get(id);
      if (listeners === undefined) continue;
      this.waiting.delete(id);
      for (const wake of listeners) wake();
    }
  }

  /** Calls back once, at the next change of the row. Returns the function that takes it back. */
  once(table: RowTable, tenant: string, key: string, wake: () => void): () => void {
    const id = idOf(table, tenant, key);
    let listeners = this.waiting.get(id);
    if (listeners === undefined) {
      listeners = new Set();
      this.waiting.set(id, listeners);
    }
    listeners.add(wake);
    return () => {
      const present = this.waiting.get(id);
      if (present?.delete(wake) === true && present.size === 0) this.waiting.delete(id);
    };
  }
}

function idOf(table: RowTable, tenant: string, key: string): string {
  return JSON.stringify([table.name, tenant, key]);
}
