/** One end of a WebSocket, whatever library or platform it comes from. */
export interface WebSocketPort {
  /** Sends a text message. Does nothing when the socket is no longer open. */
  send(text: string): void;
  /** How many bytes wait to be sent. 0 where that cannot be known. */
  readonly bufferedAmount: number;
  /** Closes it by the handshake of the protocol. `reason`: at most 123 bytes. */
  close(code: number, reason: string): void;
  /** Cuts the connection, if the platform can; what waits is lost. */
  terminate(): void;
  /** Sends a ping of the protocol itself. Absent where the platform has none. */
  ping?(): void;
}

/** What happens on a socket. */
export interface WebSocketListener {
  /** A message: a text, or bytes. */
  message(data: string | Uint8Array): void;
  /** An answer to a ping of the protocol itself. */
  pong(): void;
  /** What waited has been sent, or some of it. Where nobody tells of it, the listener looks by itself. */
  drain(): void;
  /** It is closed, from whatever side, and told of once. */
  close(): void;
}

/** A connection that becomes a WebSocket. */
export interface WebSocketAcceptance {
  /** The subprotocol, of those that the client offers. */
  readonly protocol: string;
  /** Longer messages end the connection with 1009. In bytes. */
  readonly maxMessageBytes: number;
  /** Takes the socket when it is open. Never throws. */
  open(socket: WebSocketPort): WebSocketListener;
}
