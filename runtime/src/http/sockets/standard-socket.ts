import type { WebSocketListener, WebSocketPort } from "../web-socket.js";

/** A WebSocket of the HTML standard, as far as a server uses it. */
export interface StandardWebSocket {
  readonly readyState: number;
  /** Absent: the platform does not report it. */
  readonly bufferedAmount?: number;
  binaryType?: string;
  send(message: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
}

const connecting = 0;
const isOpen = 1;

/** Attaches a listener to a WebSocket of the HTML standard, when it is open. Such a socket has no pings and cannot be terminated. */
export function attachStandardSocket(
  socket: StandardWebSocket,
  open: (port: WebSocketPort) => WebSocketListener,
): void {
  socket.binaryType = "arraybuffer";
  const port: WebSocketPort = {
    send: (message) => {
      if (socket.readyState === isOpen) socket.send(message);
    },
    get bufferedAmount() {
      return socket.bufferedAmount ?? 0;
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.close(),
  };
  let listener: WebSocketListener | undefined;
  let isClosed = false;
  const begin = (): void => {
    if (!isClosed) listener = open(port);
  };
  const end = (): void => {
    if (isClosed) return;
    isClosed = true;
    listener?.close();
  };
  socket.addEventListener("message", ({ data }) =>
    listener?.message(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer)),
  );
  socket.addEventListener("close", () => {
    // workerd does not answer the close of a client by itself; elsewhere this does nothing.
    socket.close();
    end();
  });
  // Some platforms report a broken connection as an error only.
  socket.addEventListener("error", end);
  if (socket.readyState === connecting) socket.addEventListener("open", begin);
  else begin();
}
