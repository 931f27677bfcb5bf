/** What the transport needs of a WebSocket: that of browsers, Node 22, Bun, Deno and workers, or of `ws`. */
export interface Socket {
  /** Called when the socket is open. */
  onopen: ((event: never) => void) | null;
  /** Called with each message. */
  onmessage: ((event: never) => void) | null;
  /** Called when the socket has closed. */
  onclose: ((event: never) => void) | null;
  /** Called before it closes because of a fault. */
  onerror: ((event: never) => void) | null;
  /** Sends a text. */
  send(text: string): void;
  /** Closes the socket. */
  close(code?: number, reason?: string): void;
}

/** Creates a WebSocket. */
export type SocketConstructor = new (url: string, protocols: string) => Socket;
