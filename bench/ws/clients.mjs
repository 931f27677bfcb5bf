import { isDeepStrictEqual } from "node:util";
import { small, toJson } from "../harness/echo.mjs";
import { openWebSocket } from "../harness/web-socket.mjs";
import { dialects, firstFollowId } from "./dialects.mjs";

const item = toJson(small);

/** At most so many handshakes at a time. */
const atOnce = 64;

/**
 * Sends requests over sockets, one at a time on each, until the time is over and `atLeast` so many were sent, or four times
 * the time is over. Every answer is compared with what it must be. Returns their number.
 */
export async function loadRequests({ port, dialect, sockets, milliseconds, atLeast = 1 }) {
  const { call } = dialects[dialect];
  const start = performance.now();
  let sent = 0;
  let count = 0;
  const isOver = () => {
    const spent = performance.now() - start;
    return spent >= milliseconds && sent > 0 && (sent >= atLeast || spent >= 4 * milliseconds);
  };
  await Promise.all(
    Array.from({ length: sockets }, async () => {
      let end;
      const over = new Promise((resolve, reject) => {
        end = { resolve, reject };
      });
      let id = 0;
      const next = (socket) => {
        if (isOver()) return end.resolve();
        sent++;
        socket.send(call(++id, item));
      };
      const onMessage = (message, socket) => {
        if (message.id !== id || !isDeepStrictEqual(message.answer, item)) {
          return end.reject(new Error(`a wrong answer under load: ${JSON.stringify(message)}`));
        }
        count++;
        next(socket);
      };
      const socket = await open({ port, dialect, onMessage, onFailure: end.reject });
      next(socket);
      await over.finally(() => socket.close());
    }),
  );
  return count;
}

/** Clients that follow what a server publishes. Notes that each item reaches each of them once and in order. */
export class Followers {
  #sockets = [];
  #number = 0;
  #reached = 0;
  #failure = undefined;

  async open({ port, dialect, count }) {
    const { follow } = dialects[dialect];
    let left = count;
    const openNext = async () => {
      while (left-- > 0) {
        let last;
        const onMessage = (message) => {
          const number = Number(message.item?.amount);
          if (last !== undefined && number !== last + 1) this.#fail(new Error(`item ${number} follows ${last}`));
          if (!isDeepStrictEqual(message.item, { ...item, amount: String(number) })) {
            this.#fail(new Error(`a wrong item: ${JSON.stringify(message)}`));
          }
          last = number;
          if (number === this.#number) this.#reached++;
        };
        const socket = await open({ port, dialect, onMessage, onFailure: (error) => this.#fail(error) });
        socket.send(follow(firstFollowId));
        this.#sockets.push(socket);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, openNext));
  }

  /** Publishes items until one reaches everybody: a server may be slower with a subscription than with an item. */
  async begin(publish) {
    const deadline = performance.now() + 30_000;
    while (!(await this.#publish(publish, 200))) {
      if (performance.now() > deadline) throw new Error(`after half a minute, ${this.#reached} clients follow`);
    }
  }

  /** Publishes an item, and waits until it has reached everybody. */
  async publish(publish) {
    if (await this.#publish(publish, 30_000)) return;
    throw new Error(`an item reached ${this.#reached} of ${this.#sockets.length} clients in half a minute`);
  }

  async #publish(publish, milliseconds) {
    this.#number++;
    this.#reached = 0;
    await publish(this.#number);
    const deadline = performance.now() + milliseconds;
    while (this.#reached < this.#sockets.length && performance.now() < deadline && this.#failure === undefined) {
      await new Promise(setImmediate);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#reached === this.#sockets.length;
  }

  close() {
    for (const socket of this.#sockets) socket.close();
  }

  #fail(error) {
    this.#failure ??= error;
  }
}

async function open({ port, dialect, onMessage, onFailure }) {
  const { path, protocol, greet, isWelcome, read } = dialects[dialect];
  let welcome;
  const welcomed = new Promise((resolve) => {
    welcome = resolve;
  });
  let isWelcomed = greet === undefined;
  const onText = (text, socket) => {
    if (!isWelcomed && isWelcome(text)) {
      isWelcomed = true;
      return welcome();
    }
    const message = read(text, socket.send);
    if (message?.error !== undefined) onFailure(new Error(`a server sent ${message.error}`));
    else if (message !== undefined) onMessage(message, socket);
  };
  const socket = await openWebSocket({ port, path, protocol, onText, onFailure });
  if (isWelcomed) return socket;
  socket.send(greet);
  await welcomed;
  return socket;
}
