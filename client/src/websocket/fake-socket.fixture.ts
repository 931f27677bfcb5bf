import type { SocketConstructor } from "./index.js";

type Json = Readonly<Record<string, unknown>>;

/** A frame that the client has sent. */
export interface SentFrame {
  readonly id?: number;
  readonly method?: string;
  readonly params?: readonly unknown[];
  readonly result?: Json;
}

/** One socket, as its server sees it. */
export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: SentFrame[] = [];
  readonly url: string;
  readonly protocol: string;
  isClosed = false;
  private readonly serve: (frame: SentFrame, socket: FakeSocket) => void;

  constructor(url: string, protocol: string, serve: (frame: SentFrame, socket: FakeSocket) => void) {
    this.url = url;
    this.protocol = protocol;
    this.serve = serve;
  }

  /** Called by the client. */
  send(text: string): void {
    const frame = JSON.parse(text) as SentFrame;
    this.sent.push(frame);
    this.serve(frame, this);
  }

  /** Called by the client. */
  close(code = 1005): void {
    this.end(code);
  }

  /** The server closes the socket, or the connection breaks. */
  end(code: number, reason = ""): void {
    if (this.isClosed) return;
    this.isClosed = true;
    queueMicrotask(() => this.onclose?.({ code, reason }));
  }

  /** The server sends a frame. */
  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: "2.0", ...frame }) });
  }

  /** The methods of what was sent, but for `$/open`. */
  get methods(): readonly (string | undefined)[] {
    return this.sent.map(({ method }) => method).filter((method) => method !== "$/open");
  }
}

/** Where sockets connect to. */
export interface FakeServer {
  readonly sockets: readonly FakeSocket[];
  readonly webSocket: SocketConstructor;
}

/** Answers `$/open`, and everything else by a function. `open`: the result of `$/open`; undefined: no answer. */
export function startFake(
  serve: (frame: SentFrame, socket: FakeSocket) => void,
  open: (frame: SentFrame, socket: FakeSocket) => Json | undefined = () => ({ credit: 2 }),
): FakeServer {
  const sockets: FakeSocket[] = [];
  // A function that is called with `new` returns the object.
  const webSocket = function create(url: string, protocol: string): FakeSocket {
    const socket = new FakeSocket(url, protocol, (frame, self) => {
      if (frame.method !== "$/open") return serve(frame, self);
      const result = open(frame, self);
      if (result !== undefined) queueMicrotask(() => self.receive({ id: frame.id, result }));
    });
    sockets.push(socket);
    queueMicrotask(() => {
      if (!socket.isClosed) socket.onopen?.();
    });
    return socket;
  } as unknown as SocketConstructor;
  return { sockets, webSocket };
}
