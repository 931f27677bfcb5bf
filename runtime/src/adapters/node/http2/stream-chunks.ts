import type { ServerHttp2Stream } from "node:http2";
import { refuseDisconnected } from "../exchange/index.js";

/**
 * Reads a stream of Node as it arrives, and no faster than it is read. The iterator that Node has would add a dozen listeners, and
 * destroy the stream, which is the response too.
 */
export class StreamChunks implements AsyncIterableIterator<Uint8Array> {
  private readonly source: ServerHttp2Stream;
  private waiting: { resolve(result: IteratorResult<Uint8Array>): void; reject(reason: unknown): void } | undefined;
  private state: "open" | "ended" | "broken" | "returned" = "open";

  constructor(source: ServerHttp2Stream) {
    this.source = source;
    if (source.aborted || (source.destroyed && !source.readableEnded)) this.state = "broken";
    else if (source.readableEnded) this.state = "ended";
    else {
      source
        .on("readable", () => this.serve())
        // node:http2 ends the stream also if the client resets it.
        .on("end", () => this.finish(source.aborted ? "broken" : "ended"))
        .on("close", () => this.finish("broken"));
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.state === "broken") return Promise.reject(refuseDisconnected());
    if (this.state !== "open") return Promise.resolve(end);
    const chunk = this.source.read() as Uint8Array | null;
    if (chunk !== null) return Promise.resolve({ done: false, value: chunk });
    // Reading may have found the end.
    if (this.state !== "open") return this.next();
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    if (this.state === "open") {
      this.finish("returned");
      // Discards the rest. `resume` has no effect as long as there are listeners for `readable`.
      this.source.removeAllListeners("readable").resume();
    }
    return Promise.resolve(end);
  }

  private serve(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    const chunk = this.source.read() as Uint8Array | null;
    if (chunk === null) return;
    this.waiting = undefined;
    waiting.resolve({ done: false, value: chunk });
  }

  private finish(state: "ended" | "broken" | "returned"): void {
    if (this.state !== "open") return;
    this.state = state;
    const { waiting } = this;
    this.waiting = undefined;
    if (state === "broken") waiting?.reject(refuseDisconnected());
    else waiting?.resolve(end);
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
