import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import {
  appendChunk,
  HttpError,
  type HttpRequest,
  notUtf8,
  readContentCoding,
  type ServerCapabilities,
  tooLarge,
} from "../../../http/index.js";
import { inflate } from "./inflate.js";

/** A request that a stream of Node delivers. It has few fields, because one is created for every request. */
export abstract class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  abstract readonly server: ServerCapabilities;
  private readonly source: Readable;
  private controller: AbortController | undefined;
  private aborted = false;
  private abortCallbacks: (() => void)[] | undefined;
  private cutOff = false;
  /** Defined while the body is read as a whole. */
  private rejectBody: ((reason: HttpError) => void) | undefined;
  private bodyAge = 0;

  /** `target`: as the request line has it. */
  constructor(method: string, target: string, source: Readable) {
    this.source = source;
    this.method = method;
    const url = toOriginForm(target);
    const mark = url.indexOf("?");
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
  }

  /** Created when it is first read: most handlers never read it. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort();
    }
    return this.controller.signal;
  }

  onAbort(callback: () => void): void {
    if (this.aborted) callback();
    else if (this.abortCallbacks === undefined) this.abortCallbacks = [callback];
    else this.abortCallbacks.push(callback);
  }

  /** Aborts the signal and the body: the client has disconnected, or the server stops. */
  abort(): void {
    this.aborted = true;
    this.controller?.abort();
    for (const callback of this.abortCallbacks?.splice(0) ?? []) callback();
    this.failBody(refuseDisconnected());
  }

  /**
   * To be called every `interval` milliseconds. Returns how many of them the body has been read as a whole and not been complete; 0
   * if nobody reads it so. A client may take any time to send a stream.
   */
  checkBody(interval: number): number {
    if (this.rejectBody === undefined) return 0;
    this.bodyAge += interval;
    // The first one may have begun before.
    return this.bodyAge - interval;
  }

  /** Whether the rest of the body is not read, because it is too large. */
  get isCutOff(): boolean {
    return this.cutOff;
  }

  /** Rejects the body that is read. */
  failBody(error: HttpError): void {
    this.rejectBody?.(error);
    this.rejectBody = undefined;
  }

  /** Whether the client broke the body off, although its stream ends as a complete one does. */
  protected abstract get isBrokenOff(): boolean;

  abstract header(name: string): string | undefined;

  abstract headers(): Iterable<readonly [string, string]>;

  abstract chunks(): AsyncIterableIterator<Uint8Array>;

  text(limit: number): Promise<string> {
    return this.read(limit, toText);
  }

  bytes(limit: number): Promise<Uint8Array> {
    return this.read(limit, toBytes);
  }

  private read<Body>(limit: number, convert: (body: Buffer) => Body): Promise<Body> {
    const { source } = this;
    return new Promise((resolve, reject) => {
      if (this.aborted || source.destroyed) {
        reject(refuseDisconnected());
        return;
      }
      if (Number(this.header("content-length")) > limit) {
        this.cutOff = true;
        reject(tooLarge(limit));
        return;
      }
      const encoding = this.header("content-encoding");
      // An error here rejects the promise.
      const coding = encoding === undefined ? undefined : readContentCoding(encoding);
      this.rejectBody = reject;
      let body: Uint8Array = empty;
      let length = 0;
      source.on("data", (chunk: Buffer) => {
        if (length + chunk.length > limit) {
          this.cutOff = true;
          source.removeAllListeners("data").pause();
          this.failBody(tooLarge(limit));
        } else {
          body = length === 0 ? chunk : appendChunk(body, length, chunk, limit);
          length += chunk.length;
        }
      });
      source.on("end", () => {
        if (this.isBrokenOff) {
          this.abort();
          return;
        }
        this.rejectBody = undefined;
        try {
          const whole = toBuffer(body, length);
          if (coding === undefined) resolve(convert(whole));
          else inflate(whole, coding, limit).then(convert).then(resolve, reject);
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}

const empty = Buffer.alloc(0);

/** The error of a body that ends early. */
export function refuseDisconnected(): HttpError {
  return new HttpError(400, "cancelled", "the client disconnected before its request was complete");
}

function toBuffer(body: Uint8Array, length: number): Buffer {
  // A body that has arrived in one chunk.
  if (body instanceof Buffer && body.length === length) return body;
  return Buffer.from(body.buffer, body.byteOffset, length);
}

function toText(body: Buffer): string {
  if (!isUtf8(body)) throw notUtf8();
  return body.toString("utf8");
}

function toBytes(body: Buffer): Uint8Array {
  return body;
}

/** Proxies may send a complete URL (RFC 9112, section 3.2.2). */
function toOriginForm(url: string): string {
  if (url.startsWith("/")) return url;
  const rest = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] ?? "/";
  return rest.startsWith("/") ? rest : `/${rest}`;
}
