import type { RowKey } from "../store/ports/index.js";

/** Rows of a read model that have changed. */
export interface Changes {
  /** Full name of the read model. */
  readonly name: string;
  readonly keys: readonly RowKey[];
}

/** Tells watchers within this process which rows have changed. */
export class ChangeHub {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly pausing = new Set<() => void>();
  private ended: { readonly error: unknown } | undefined;

  publish({ name, keys }: Changes): void {
    if (this.waiting.size === 0) return;
    for (const { tenant, key } of keys) {
      const id = idOf(name, tenant, key);
      const listeners = this.waiting.get(id);
      if (listeners === undefined) continue;
      this.waiting.delete(id);
      for (const wake of listeners) wake();
    }
  }

  /** Ends all that watch, now and from now on. */
  end(error: unknown): void {
    this.ended = { error };
    for (const listeners of this.waiting.values()) for (const wake of listeners) wake();
    for (const wake of this.pausing) wake();
  }

  /** Throws what all that watch were ended with. */
  throwIfEnded(): void {
    if (this.ended !== undefined) throw this.ended.error;
  }

  /** Calls back when all that watch are ended, at once if they were. Returns the function that takes it back. */
  onEnd(wake: () => void): () => void {
    if (this.ended !== undefined) wake();
    this.pausing.add(wake);
    return () => this.pausing.delete(wake);
  }

  /** Calls back once, at the next change of the row. Returns the function that takes it back. */
  once(name: string, tenant: string, key: string, wake: () => void): () => void {
    const id = idOf(name, tenant, key);
    let listeners = this.waiting.get(id);
    if (listeners === undefined) {
      listeners = new Set();
      this.waiting.set(id, listeners);
    }
    listeners.add(wake);
    // Whoever has looked up the row meanwhile has missed it.
    if (this.ended !== undefined) wake();
    return () => {
      const present = this.waiting.get(id);
      if (present?.delete(wake) === true && present.size === 0) this.waiting.delete(id);
    };
  }
}

function idOf(name: string, tenant: string, key: string): string {
  return JSON.stringify([name, tenant, key]);
}
