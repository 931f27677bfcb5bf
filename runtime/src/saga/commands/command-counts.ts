import { type SagaKey, textOf } from "../transaction/index.js";

/** The commands of one saga in this process. */
export interface CommandCount {
  /** Those that run or wait to run. */
  all: number;
  /** Those that run. */
  running: number;
}

/** Counts the commands of each saga. */
export class CommandCounts {
  private readonly sagas = new Map<string, CommandCount>();

  of(key: SagaKey): Readonly<CommandCount> {
    return this.sagas.get(textOf(key)) ?? { all: 0, running: 0 };
  }

  /** Counts a command that is to run. Returns the count of its saga. */
  add(key: SagaKey): CommandCount {
    const id = textOf(key);
    const count = this.sagas.get(id) ?? { all: 0, running: 0 };
    count.all++;
    this.sagas.set(id, count);
    return count;
  }

  /** Counts a command that has ended. */
  remove(key: SagaKey, count: CommandCount): void {
    if (--count.all === 0) this.sagas.delete(textOf(key));
  }
}
