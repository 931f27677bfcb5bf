import { connect, type Socket } from "node:net";

/** Types of frames (RFC 9113, section 6). */
export const frames = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. */
export const flags = { endStream: 1, ack: 1, endHeaders: 4 } as const;

/** A frame that the server sent. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** A client that sends whatever frames a test wants, and keeps those of the server. */
export class RawClient {
  readonly socket: Socket;
  readonly received: Frame[] = [];
  closed = false;
  private rest: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay();
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.closed = true;
    });
    this.socket.on("data", (chunk) => this.parse(chunk));
    this.socket.write(Buffer.concat([preface, frame(frames.settings, 0, 0)]));
  }

  send(...sent: readonly Buffer[]): void {
    this.socket.write(sent.length === 1 ? (sent[0] as Buffer) : Buffer.concat(sent));
  }

  /** The frames of one type. */
  of(type: number, stream?: number): readonly Frame[] {
    return this.received.filter((one) => one.type === type && (stream === undefined || one.stream === stream));
  }

  /** The error code of the GOAWAY that closed the connection, and what it says; undefined: there is none. */
  get goaway(): { readonly code: number; readonly text: string } | undefined {
    const payload = this.of(frames.goaway).at(-1)?.payload;
    return payload && { code: payload.readUInt32BE(4), text: payload.subarray(8).toString() };
  }

  private parse(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 9) {
      const length = this.rest.readUIntBE(0, 3);
      if (this.rest.length < 9 + length) return;
      const [type = 0, bits = 0] = this.rest.subarray(3, 5);
      const stream = this.rest.readUInt32BE(5) & 0x7fffffff;
      this.received.push({ type, flags: bits, stream, payload: this.rest.subarray(9, 9 + length) });
      this.rest = this.rest.subarray(9 + length);
    }
  }
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Builds a frame. */
export function frame(type: number, bits: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = bits;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Builds a header block (RFC 7541) without compression. */
export function headerBlock(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** The header block of a request. */
export function requestBlock(method = "GET", path = "/", more: readonly (readonly [string, string])[] = []): Buffer {
  return headerBlock([[":method", method], [":scheme", "http"], [":path", path], [":authority", "a"], ...more]);
}

/** Builds HEADERS of a request, which ends unless `open`. */
export function request(stream: number, method = "GET", path = "/", open = false): Buffer {
  const bits = flags.endHeaders | (open ? 0 : flags.endStream);
  return frame(frames.headers, bits, stream, requestBlock(method, path));
}

/** Builds RST_STREAM; 8 is CANCEL. */
export function reset(stream: number, code = 8): Buffer {
  return frame(frames.reset, 0, stream, uint32(code));
}

/** Writes four bytes. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** Writes an integer with a prefix of `bits` (RFC 7541, section 5.1). */
function integer(value: number, bits: number): Buffer {
  const max = 2 ** bits - 1;
  if (value < max) return Buffer.from([value]);
  const bytes = [max];
  let rest = value - max;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
