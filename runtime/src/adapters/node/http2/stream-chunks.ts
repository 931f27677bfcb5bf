import type { ServerHttp2Stream } from "node:http2";
import { type Fail, type Pass, PullIterator } from "../../../async/index.js";
import { refuseDisconnected } from "../exchange/index.js";

/**
 * Reads a stream of Node as it arrives, and holds no more than that buffers. The iterator that Node has would add a dozen listeners,
 * and destroy the stream, which is the response too.
 */
export class StreamChunks extends PullIterator<Uint8Array> {
  private readonly source: ServerHttp2Stream;
  private pass: Pass<Uint8Array> | undefined;
  private fail: Fail = () => {};
  private state: "open" | "ended" | "broken" | "returned" = "open";
  /** What has arrived and is not requested yet. */
  private held: Uint8Array[] = [];
  private heldSize = 0;
  private isPaused = false;

  constructor(source: ServerHttp2Stream) {
    super();
    this.source = source;
    if (source.aborted || (source.destroyed && !source.readableEnded)) this.state = "broken";
    else if (source.readableEnded) this.state = "ended";
    else {
      source
        .on("data", (chunk: Uint8Array) => this.take(chunk))
        // node:http2 ends the stream also if the client resets it.
        .on("end", () => this.finish(source.aborted ? "broken" : "ended"))
        .on("close", () => this.finish("broken"));
    }
  }

  /** Passes all that has arrived as one chunk. */
  pull(pass: Pass<Uint8Array>, fail: Fail): void {
    if (this.heldSize > 0) {
      pass({ done: false, value: this.takeHeld() });
    } else if (this.state === "open") {
      this.pass = pass;
      this.fail = fail;
    } else if (this.state === "broken") {
      fail(refuseDisconnected());
    } else {
      pass(end);
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.release();
    if (this.state === "open") {
      // Discards the rest.
      this.finish("returned");
      this.source.resume();
    }
    return Promise.resolve(end);
  }

  private take(chunk: Uint8Array): void {
    if (this.state !== "open") return;
    const { pass } = this;
    if (pass !== undefined) {
      this.pass = undefined;
      pass({ done: false, value: chunk });
      return;
    }
    // Not paused for one chunk: its reader is often about to request it.
    this.held.push(chunk);
    this.heldSize += chunk.length;
    if (this.isPaused || this.heldSize < this.source.readableHighWaterMark) return;
    this.isPaused = true;
    this.source.pause();
  }

  private takeHeld(): Uint8Array {
    const { held, heldSize } = this;
    this.release();
    if (this.isPaused) {
      this.isPaused = false;
      this.source.resume();
    }
    return held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held, heldSize);
  }

  private release(): void {
    this.held = [];
    this.heldSize = 0;
  }

  private finish(state: "ended" | "broken" | "returned"): void {
    if (this.state !== "open") return;
    this.state = state;
    if (state === "broken") this.release();
    const { pass } = this;
    if (pass === undefined) return;
    this.pass = undefined;
    if (state === "broken") this.fail(refuseDisconnected());
    else pass(end);
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
