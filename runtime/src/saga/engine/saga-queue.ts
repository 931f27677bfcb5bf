import { WakeSignal } from "../../async/index.js";
import { isTemporary } from "../../errors/index.js";
import { type SagaKey, textOf } from "../transaction/index.js";

/** The most messages of one transaction. */
const maxMessages = 100;
/** A transaction waits at most this long for messages that are on their way, in milliseconds: about as long as it takes. */
const longestGathering = 5;
/** So many commands make the row of a saga so large that writing it takes about a millisecond. */
const commandsPerMillisecond = 200;

export interface QueueHost<Message, Result> {
  /** Applies messages in one transaction. Returns the result of each. */
  run(key: SagaKey, messages: readonly Message[]): Promise<readonly Result[]>;
  /** Whether a message is the outcome of a command that may wait for others: nothing follows from it that somebody waits for. */
  mayWait(message: Message): boolean;
  /** The commands of the saga in this process, and those of them that run: their outcomes are next. */
  commandsOf(key: SagaKey): { readonly all: number; readonly running: number };
}

interface Waiting<Message, Result> {
  readonly message: Message;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** The messages of one saga. */
interface Lane<Message, Result> {
  readonly waiting: Waiting<Message, Result>[];
  /** While messages are gathered: ends that. */
  signal?: WakeSignal | undefined;
}

/**
 * Applies the messages of each saga one transaction after the other, those that have waited together. A saga with very many commands
 * under way has a large row, so the outcomes of those that run wait for each other for a moment.
 */
export class SagaQueue<Message, Result> {
  private readonly lanes = new Map<string, Lane<Message, Result>>();
  private readonly host: QueueHost<Message, Result>;

  constructor(host: QueueHost<Message, Result>) {
    this.host = host;
  }

  send(key: SagaKey, message: Message): Promise<Result> {
    return new Promise((resolve, reject) => {
      const entry = { message, resolve, reject };
      const id = textOf(key);
      const known = this.lanes.get(id);
      if (known === undefined) {
        const lane: Lane<Message, Result> = { waiting: [entry] };
        this.lanes.set(id, lane);
        void this.drain(key, id, lane);
        return;
      }
      known.waiting.push(entry);
      if (known.signal !== undefined && this.patienceOf(key, known) === 0) known.signal.notify();
    });
  }

  private async drain(key: SagaKey, id: string, lane: Lane<Message, Result>): Promise<void> {
    while (lane.waiting.length > 0) {
      const patience = this.patienceOf(key, lane);
      if (patience > 0) await this.gather(lane, patience);
      const batch = lane.waiting.splice(0, maxMessages);
      try {
        const messages = batch.map(({ message }) => message);
        const results = await this.host.run(key, messages);
        for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
      } catch (error) {
        // A message that cannot be applied must not fail the others.
        if (batch.length > 1 && !isTemporary(error)) await this.runEach(key, batch);
        else for (const { reject } of batch) reject(error);
      }
    }
    this.lanes.delete(id);
  }

  private async runEach(key: SagaKey, batch: readonly Waiting<Message, Result>[]): Promise<void> {
    for (const { message, resolve, reject } of batch) {
      await this.host.run(key, [message]).then(([result]) => resolve(result as Result), reject);
    }
  }

  private async gather(lane: Lane<Message, Result>, patience: number): Promise<void> {
    const signal = new WakeSignal();
    lane.signal = signal;
    await signal.wait(patience);
    lane.signal = undefined;
  }

  /** How long the messages that wait may wait for others, in milliseconds; 0: not at all. */
  private patienceOf(key: SagaKey, { waiting }: Lane<Message, Result>): number {
    const { all, running } = this.host.commandsOf(key);
    const patience = Math.min(longestGathering, Math.floor(all / commandsPerMillisecond));
    if (patience === 0 || waiting.length >= Math.min(running, maxMessages)) return 0;
    return waiting.every(({ message }) => this.host.mayWait(message)) ? patience : 0;
  }
}
