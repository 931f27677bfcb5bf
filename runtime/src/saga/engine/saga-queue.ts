import { type SagaKey, textOf } from "../transaction/index.js";

/** The most messages of one transaction. */
const maxMessages = 100;

interface Waiting<Message, Result> {
  readonly message: Message;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Applies the messages of each saga one transaction after the other, those that have waited together. */
export class SagaQueue<Message, Result> {
  private readonly waiting = new Map<string, Waiting<Message, Result>[]>();
  private readonly run: (key: SagaKey, messages: readonly Message[]) => Promise<readonly Result[]>;

  constructor(run: (key: SagaKey, messages: readonly Message[]) => Promise<readonly Result[]>) {
    this.run = run;
  }

  send(key: SagaKey, message: Message): Promise<Result> {
    return new Promise((resolve, reject) => {
      const entry = { message, resolve, reject };
      const id = textOf(key);
      const waiting = this.waiting.get(id);
      if (waiting !== undefined) waiting.push(entry);
      else {
        this.waiting.set(id, [entry]);
        void this.drain(key, id);
      }
    });
  }

  private async drain(key: SagaKey, id: string): Promise<void> {
    for (;;) {
      const all = this.waiting.get(id) ?? [];
      const batch = all.splice(0, maxMessages);
      if (batch.length === 0) break;
      try {
        const results = await this.run(
          key,
          batch.map(({ message }) => message),
        );
        for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.waiting.delete(id);
  }
}
