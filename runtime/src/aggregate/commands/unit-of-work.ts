import { type CallContext, type CallOptions, type Tentative, tentative } from "../../cqrs/index.js";
import type { AppendingTransaction, AppendRequest } from "../../store/ports/index.js";
import type { Loaded } from "../decision/index.js";

/** A symbol, so that no transport can set it. */
const unitOfWork: unique symbol = Symbol("unit of work");

/** A transaction over rows in which commands of aggregates append, each after those before it. */
export class UnitOfWork {
  private readonly rows: AppendingTransaction;
  private readonly states = new Map<object, Map<string, Loaded>>();
  private readonly atEnd: ((isCommitted: boolean) => void)[] = [];
  private afterCommit: (() => void)[] = [];
  private undo: (() => void)[] = [];

  /** The transaction must have `append`. */
  constructor(rows: AppendingTransaction) {
    this.rows = rows;
  }

  /** Runs work with commands of this unit. If it fails, they have not happened. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { length } = this.afterCommit;
    this.undo = [];
    try {
      return await this.rows.attempt(work);
    } catch (error) {
      this.afterCommit.length = length;
      for (const step of this.undo.reverse()) step();
      throw error;
    }
  }

  async append(request: AppendRequest): Promise<void> {
    await this.rows.append?.(request);
  }

  /** The state after the commands of this unit; undefined: there were none. `of`: the kind of aggregate. */
  stateOf(of: object, key: string): Loaded | undefined {
    return this.states.get(of)?.get(key);
  }

  /** Notes the state after a command, and what to do when it is committed. */
  carriedOut(of: object, key: string, state: Loaded, afterCommit: () => void): void {
    const states = this.states.get(of) ?? new Map<string, Loaded>();
    const before = states.get(key);
    this.undo.push(() => (before === undefined ? states.delete(key) : states.set(key, before)));
    this.states.set(of, states.set(key, state));
    this.afterCommit.push(afterCommit);
  }

  /** Notes what to do when the transaction has ended, whether the command is part of it or not. */
  whenEnded(work: (isCommitted: boolean) => void): void {
    this.atEnd.push(work);
  }

  /** Must be called when the transaction has ended. */
  end(isCommitted: boolean): void {
    for (const work of this.atEnd) work(isCommitted);
    if (isCommitted) for (const work of this.afterCommit) work();
  }
}

/** What a call carries in its options within the process. */
interface Within extends Tentative {
  readonly [unitOfWork]?: UnitOfWork;
}

/**
 * Returns options of a call in a unit of work. A command of an aggregate appends in it, and then its result has `joined: true`. It
 * rejects for any reason for which it cannot: its caller sends it by itself then, which decides again.
 */
export function withUnitOfWork(options: CallOptions, unit: UnitOfWork): CallOptions {
  const within: CallOptions & Within = { ...options, [unitOfWork]: unit, [tentative]: true };
  return within;
}

/** The unit of work of a call; undefined: it has none. */
export function unitOfWorkOf(context: CallContext): UnitOfWork | undefined {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: Within }).options?.[unitOfWork];
}
