import type { Writable } from "node:stream";
import type { HttpResponse } from "../../../http/index.js";
import type { ServeSettings } from "../options/index.js";
import { StreamWriter } from "./stream-writer.js";
import { UnsentResponses } from "./unsent-responses.js";

/** The settings that limit how slowly a client may read. */
export type WriteSettings = Pick<ServeSettings, "writeTimeout" | "bufferSize" | "maxUnsentSize" | "logger">;

/** How a version of HTTP treats the responses that it sends. */
export interface Sending<Outgoing extends Writable> {
  /** Breaks a response off: its client reads too slowly. */
  breakOff(outgoing: Outgoing): void;
  /** Calls back when it is the response's turn on its connection. Absent: it always is. */
  whenItsTurn?(outgoing: Outgoing, start: () => void): void;
}

/** Writes bodies no faster than clients read them. A client that reads too slowly is disconnected. */
export class BodyWriter<Outgoing extends Writable> {
  private readonly settings: WriteSettings;
  private readonly sending: Sending<Outgoing>;
  private readonly unsent: UnsentResponses;
  /** Listens for `close`: one function for all responses. */
  private readonly forget: (this: Writable) => void;

  constructor(settings: WriteSettings, sending: Sending<Outgoing>) {
    this.settings = settings;
    this.sending = sending;
    this.unsent = new UnsentResponses(settings.maxUnsentSize, (outgoing, reason) =>
      this.disconnect(outgoing as Outgoing, reason),
    );
    const { unsent } = this;
    this.forget = function () {
      unsent.remove(this);
    };
  }

  /** Writes a stream, chunk by chunk. Resolves when it is written, or its client is gone; rejects with an error of the stream. */
  writeStream(outgoing: Outgoing, body: AsyncIterable<string | Uint8Array>, writeTimeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const writer = new StreamWriter(outgoing, body[Symbol.asyncIterator](), {
        drained: () => this.whenDrained(outgoing, outgoing.writableLength, writeTimeout),
        end: () => {
          this.end(outgoing, outgoing.writableLength, writeTimeout);
          resolve();
        },
        stop: resolve,
        fail: reject,
      });
      writer.run();
    });
  }

  /** Writes in parts, to see whether the client reads any. */
  async writeParts(outgoing: Outgoing, bytes: Uint8Array, writeTimeout: number): Promise<void> {
    const { bufferSize } = this.settings;
    for (let at = 0; at < bytes.length; at += bufferSize) {
      if (outgoing.destroyed || outgoing.writableEnded) return;
      if (!outgoing.write(bytes.subarray(at, at + bufferSize)))
        await this.whenDrained(outgoing, bytes.length, writeTimeout);
    }
    this.end(outgoing, bytes.length, writeTimeout);
  }

  /** Disconnects the client of a response that was ended unless it reads the rest in time. `bytes`: the buffered size until then. */
  watchEnd(outgoing: Outgoing, bytes: number, writeTimeout: number): void {
    this.watch(outgoing, bytes, writeTimeout);
    outgoing.on("close", this.forget);
  }

  private end(outgoing: Outgoing, bytes: number, writeTimeout: number): void {
    if (outgoing.destroyed || outgoing.writableEnded) return;
    outgoing.end();
    if (outgoing.writableLength > 0) this.watchEnd(outgoing, bytes, writeTimeout);
  }

  /** Resolves when the client has read what was written, or is disconnected. `bytes`: the buffered size until then. */
  private whenDrained(outgoing: Outgoing, bytes: number, writeTimeout: number): Promise<void> {
    return new Promise((resolve) => {
      this.watch(outgoing, bytes, writeTimeout);
      const done = (): void => {
        this.unsent.remove(outgoing);
        outgoing.off("drain", done).off("close", done);
        resolve();
      };
      outgoing.on("drain", done).on("close", done);
    });
  }

  /** Disconnects the client unless it reads some of the bytes in time. The time starts with this response's turn on its connection. */
  private watch(outgoing: Outgoing, bytes: number, writeTimeout: number): void {
    const { unsent, sending } = this;
    unsent.add(outgoing, bytes, writeTimeout);
    if (sending.whenItsTurn === undefined) unsent.startTime(outgoing);
    else sending.whenItsTurn(outgoing, () => unsent.startTime(outgoing));
  }

  private disconnect(outgoing: Outgoing, reason: string): void {
    this.settings.logger.info(`disconnected a slow client: ${reason}`);
    this.sending.breakOff(outgoing);
  }
}

/** Releases a stream that is not sent. */
export async function discard({ body }: HttpResponse): Promise<void> {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
