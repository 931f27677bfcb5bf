import { isDeepStrictEqual } from "node:util";
import { subscribe } from "./subscriber.mjs";

const query = `subscription Feed($id: ID) {
  accountEvents(accountId: $id) { position event { ... on Deposited { amount reference } } }
}`;

/** At most so many handshakes at a time. */
const atOnce = 64;

/** All who have subscribed to one server. Notes how late each event comes, and that each comes once and in its order. */
export class Audience {
  #closers = [];
  #delays = [];
  #received = 0;
  #failure = undefined;

  /** `accounts`: whom each of them follows, in turns; undefined follows all. */
  async open({ port, count, accounts }) {
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < count; at = next++)
        this.#closers.push(await this.#subscribe(port, accounts[at % accounts.length]));
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** Forgets what has come up to now. */
  begin() {
    this.#received = 0;
    this.#delays = [];
  }

  /** Waits until exactly this many events have arrived, also a moment later. Returns their delays in milliseconds, sorted. */
  async received(count) {
    const deadline = performance.now() + 30_000;
    while (this.#received < count && this.#failure === undefined) {
      if (performance.now() > deadline) throw new Error(`${this.#received} of ${count} deliveries after half a minute`);
      await pause(20);
    }
    await pause(100);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#received !== count) throw new Error(`${this.#received} deliveries in place of ${count}`);
    return Float64Array.from(this.#delays).sort();
  }

  close() {
    for (const close of this.#closers) close();
  }

  #subscribe(port, account) {
    let last = -1;
    const fail = (error) => {
      this.#failure ??= error;
    };
    return subscribe({
      port,
      payload: { query, variables: account === undefined ? {} : { id: account } },
      onFailure: fail,
      onMessage: ({ data, errors }) => {
        const now = process.hrtime.bigint();
        const { position, event } = data?.accountEvents ?? {};
        if (
          errors !== undefined ||
          !isDeepStrictEqual(Object.keys(event ?? {}), ["amount", "reference"]) ||
          !(position > 0)
        ) {
          return fail(new Error(`a wrong answer: ${JSON.stringify({ data, errors })}`));
        }
        if (Number(event.amount) <= last) fail(new Error(`${event.amount} came after ${last}`));
        last = Number(event.amount);
        this.#received++;
        this.#delays.push(Number(now - BigInt(event.reference)) / 1e6);
      },
    });
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
