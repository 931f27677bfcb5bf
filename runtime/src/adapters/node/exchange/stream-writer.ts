import type { Writable } from "node:stream";
import { pullNext } from "../../../async/index.js";

type Chunk = string | Uint8Array;

/** What a StreamWriter needs of its server. */
export interface StreamWriting {
  /** Resolves when the client has read what was written, or is disconnected. */
  drained(): Promise<void>;
  /** All chunks are written. */
  end(): void;
  /** The client is gone. */
  stop(): void;
  /** The chunks, or writing them, failed. */
  fail(error: unknown): void;
}

/**
 * Writes chunks as they come, and requests no more than the client reads. Those that come while a write is under way are joined: the
 * stream would keep them too, and sending one costs as much as sending many.
 */
export class StreamWriter {
  private readonly outgoing: Writable;
  private readonly chunks: AsyncIterator<Chunk>;
  private readonly writing: StreamWriting;
  /** Whether a chunk is being requested, and whether one has come meanwhile. */
  private isRequesting = false;
  private hasCome = false;
  private isWriting = false;
  /** What has come while a write is under way. */
  private held: Chunk[] = [];
  private heldSize = 0;
  // Functions of the object, so that a chunk needs none of its own.
  private readonly pass = ({ done, value }: IteratorResult<Chunk>): void => {
    const { outgoing, writing } = this;
    try {
      if (done === true) {
        this.flush();
        writing.end();
      } else if (outgoing.destroyed || outgoing.writableEnded) {
        this.release(writing.stop);
      } else if (!this.write(value)) {
        writing.drained().then(this.run);
      } else if (this.isRequesting) {
        this.hasCome = true;
      } else {
        this.run();
      }
    } catch (error) {
      this.release(() => writing.fail(error));
    }
  };
  private readonly fail = (error: unknown): void => {
    this.flush();
    this.writing.fail(error);
  };
  private readonly written = (): void => {
    this.isWriting = false;
    if (this.heldSize > 0) this.flush();
  };

  /** Requests the next chunk, and further ones as long as they come at once: in a loop, since they may be many. */
  readonly run = (): void => {
    this.isRequesting = true;
    do {
      this.hasCome = false;
      pullNext(this.chunks, this.pass, this.fail);
    } while (this.hasCome);
    this.isRequesting = false;
  };

  constructor(outgoing: Writable, chunks: AsyncIterator<Chunk>, writing: StreamWriting) {
    this.outgoing = outgoing;
    this.chunks = chunks;
    this.writing = writing;
  }

  /** Returns whether the stream has room for more. */
  private write(chunk: Chunk): boolean {
    const { outgoing } = this;
    if (!this.isWriting) {
      this.isWriting = true;
      return outgoing.write(chunk, this.written);
    }
    this.held.push(chunk);
    this.heldSize += chunk.length;
    return outgoing.writableLength + this.heldSize < outgoing.writableHighWaterMark || this.flush();
  }

  private flush(): boolean {
    const { held, outgoing } = this;
    if (held.length === 0) return true;
    this.held = [];
    this.heldSize = 0;
    this.isWriting = true;
    return outgoing.write(join(held), this.written);
  }

  /** Discards the rest of the chunks, then calls back. */
  private release(done: () => void): void {
    const returned = this.chunks.return?.() ?? Promise.resolve();
    returned.then(done, this.writing.fail);
  }
}

function join(chunks: readonly Chunk[]): Chunk {
  if (chunks.length === 1) return chunks[0] as Chunk;
  if (chunks.every((chunk) => typeof chunk === "string")) return chunks.join("");
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk)));
}
