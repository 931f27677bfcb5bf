/** A text message that several sockets send. */
export interface SharedMessage {
  /** The text. */
  readonly text: string;
  /** What a server has made of the text, once for all its sockets. */
  frame?: unknown;
}

/** One end of a WebSocket, whatever library or platform provides it. */
export interface WebSocketPort {
  /** Sends a message: a string as text, bytes as binary. Does nothing if the socket is not open any more. */
  send(message: string | Uint8Array): void;
  /** Does as `send` does, with a message that other sockets send too. Absent: the platform gains nothing by it. */
  sendShared?(message: SharedMessage): void;
  /** The number of bytes that wait to be sent; 0 if the platform cannot report it. */
  readonly bufferedAmount: number;
  /** Closes the socket with the handshake of the protocol. `reason`: at most 123 bytes. */
  close(code: number, reason: string): void;
  /** Disconnects at once, if the platform can. Unsent data is lost. */
  terminate(): void;
  /** Sends a ping of the WebSocket protocol. Absent: the platform has none. */
  ping?(): void;
}

/** Receives the events of a socket. */
export interface WebSocketListener {
  /** A message arrived: text, or bytes. */
  message(data: string | Uint8Array): void;
  /** A pong of the WebSocket protocol arrived. */
  pong(): void;
  /** Buffered data was sent. Platforms that do not report it never call this: the listener checks by itself. */
  drain(): void;
  /** The socket is closed, by either side. Called once. */
  close(): void;
}

/** A connection that becomes a WebSocket. */
export interface WebSocketAcceptance {
  /** The subprotocol, one of those that the client offers. */
  readonly protocol: string;
  /** The largest message, in bytes; a larger one closes the connection with 1009. */
  readonly maxMessageSize: number;
  /** Called with the open socket. Never throws. */
  open(socket: WebSocketPort): WebSocketListener;
}
