import type { RowKey } from "../../store/ports/index.js";

/** Rows of a read model that have changed. */
export interface Changes {
  /** Full name of the read model. */
  readonly name: string;
  readonly keys: readonly RowKey[];
}

/** Notifies watchers in this process of the rows that have changed. */
export class ChangeHub {
  private readonly listeners = new Map<string, Set<() => void>>();
  private ended: { readonly error: unknown } | undefined;

  publish({ name, keys }: Changes): void {
    if (this.listeners.size === 0) return;
    for (const { tenant, key } of keys) {
      for (const listener of this.listeners.get(rowId(name, tenant, key)) ?? []) listener();
    }
  }

  /** Ends all watchers, present and future, with an error. */
  end(error: unknown): void {
    this.ended = { error };
    for (const listeners of this.listeners.values()) for (const listener of listeners) listener();
  }

  /** Throws the error that watchers were ended with. */
  throwIfEnded(): void {
    if (this.ended !== undefined) throw this.ended.error;
  }

  /** Calls back at each change of a row, and when watchers are ended. Returns the function that unsubscribes. */
  listen(name: string, tenant: string, key: string, listener: () => void): () => void {
    const id = rowId(name, tenant, key);
    let listeners = this.listeners.get(id);
    if (listeners === undefined) {
      listeners = new Set();
      this.listeners.set(id, listeners);
    }
    listeners.add(listener);
    return () => {
      const present = this.listeners.get(id);
      if (present?.delete(listener) === true && present.size === 0) this.listeners.delete(id);
    };
  }
}

function rowId(name: string, tenant: string, key: string): string {
  return JSON.stringify([name, tenant, key]);
}
