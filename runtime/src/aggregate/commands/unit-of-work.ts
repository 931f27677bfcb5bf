import { type CallContext, type CallOptions, type Tentative, tentative } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { AppendingTransaction, AppendRequest } from "../../store/ports/index.js";
import type { Loaded } from "../decision/index.js";

/** A symbol, so that no transport can set it. */
const unitOfWork: unique symbol = Symbol("unit of work");

/** The command that a unit carries out now. */
interface Turn {
  /** `appending`: it is decided, and is being added to the transaction. */
  state: "open" | "appending" | "over";
  readonly decide: (response: unknown) => void;
  readonly leaveOut: (error: unknown) => void;
}

/** A command that is part of the transaction. */
interface Part {
  readonly afterCommit: () => void;
  readonly undo: () => void;
  readonly commit: () => void;
  readonly rollBack: (error: PotterError) => void;
}

/**
 * A transaction over rows in which commands of aggregates append, each after those before it. What the caller of a command and the middleware
 * around it see is the end of the transaction: nothing has happened before its commit.
 */
export class UnitOfWork {
  private readonly rows: AppendingTransaction;
  private readonly states = new Map<object, Map<string, Loaded>>();
  private readonly atEnd: ((isCommitted: boolean) => void)[] = [];
  private readonly parts: Part[] = [];
  private turn: Turn | undefined;
  private isClosed = false;

  /** The transaction must have `append`. */
  constructor(rows: AppendingTransaction) {
    this.rows = rows;
  }

  /**
   * Sends a command within this unit, and uses its response. If one of them fails, the command has not happened. Resolves before the command,
   * which ends with the transaction.
   */
  async attempt(send: () => Promise<unknown>, use: (response: unknown) => Promise<void>): Promise<void> {
    const { length } = this.parts;
    try {
      await this.rows.attempt(async () => use(await this.decisionOf(send)));
    } catch (error) {
      this.undo(this.parts.splice(length));
      throw error;
    }
  }

  /** Takes no more commands. One that is not decided yet is left out. */
  close(): void {
    this.isClosed = true;
    if (this.turn?.state === "open") this.turn.leaveOut(cannotJoin("the command takes too long"));
  }

  /** Throws if the unit waits for no command: the caller of one that took long has given it up, or it was carried out before. */
  checkOpen(): Turn {
    if (this.turn?.state === "open") return this.turn;
    throw cannotJoin("the command came too late");
  }

  /** Adds a command that is decided, by `append`. */
  async add<T>(append: () => Promise<T>): Promise<T> {
    const turn = this.checkOpen();
    turn.state = "appending";
    try {
      return await append();
    } catch (error) {
      turn.state = "open";
      if (this.isClosed) turn.leaveOut(error);
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

  /** Notes the state after a command, and what to do when it is committed. Resolves then; rejects if it is not. */
  carriedOut(of: object, key: string, state: Loaded, response: unknown, afterCommit: () => void): Promise<void> {
    const states = this.states.get(of) ?? new Map<string, Loaded>();
    const before = states.get(key);
    const undo = () => (before === undefined ? states.delete(key) : states.set(key, before));
    this.states.set(of, states.set(key, state));
    const committed = new Promise<void>((commit, rollBack) => {
      this.parts.push({ afterCommit, undo, commit, rollBack });
    });
    this.turn?.decide(response);
    return committed;
  }

  /** Notes what to do when the transaction has ended, whether the command is part of it or not. */
  whenEnded(work: (isCommitted: boolean) => void): void {
    this.atEnd.push(work);
  }

  /** Must be called when the transaction has ended. */
  end(isCommitted: boolean): void {
    this.close();
    for (const work of this.atEnd.splice(0)) work(isCommitted);
    const parts = this.parts.splice(0);
    if (isCommitted) {
      for (const { afterCommit } of parts) afterCommit();
      for (const { commit } of parts) commit();
    } else this.undo(parts);
  }

  /** Sends a command. Resolves with its response when it is decided. */
  private decisionOf(send: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw cannotJoin("the transaction takes no more commands");
      const turn: Turn = {
        state: "open",
        decide(response) {
          turn.state = "over";
          resolve(response);
        },
        leaveOut(error) {
          turn.state = "over";
          reject(error);
        },
      };
      this.turn = turn;
      // It ends with the transaction, if it is decided.
      send().then(() => {
        if (turn.state !== "over") turn.leaveOut(cannotJoin("the command was carried out by itself"));
      }, turn.leaveOut);
    });
  }

  private undo(parts: readonly Part[]): void {
    for (const { undo, rollBack } of [...parts].reverse()) {
      undo();
      rollBack(cannotJoin("the transaction of the command was not committed"));
    }
  }
}

/** The error of a command that is not part of a unit. Its caller sends it by itself. */
export function cannotJoin(reason: string): PotterError {
  return new PotterError("aborted", reason);
}

/** What a call carries in its options within the process. */
interface Within extends Tentative {
  readonly [unitOfWork]?: UnitOfWork;
}

/**
 * Returns options of a call in a unit of work. A command of an aggregate appends in it, and its result, at the end of the transaction, has
 * `joined: true`. It rejects for any reason for which it cannot: its caller sends it by itself then, which decides again.
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
