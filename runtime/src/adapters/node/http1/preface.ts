import type { Socket } from "node:net";

/** An error of `clientError`, with the input that the parser was reading. */
export interface ParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** What every client of HTTP/2 sends first (RFC 9113, section 3.4). */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/**
 * Whether node:http stopped at the preface of HTTP/2, which its parser knows and has read completely. A connection of HTTP/1.1 is
 * never looked at: peeking at the first bytes of all connections would cost each of them.
 */
export function isPreface(error: ParseError): boolean {
  return error.code === "HPE_PAUSED_H2_UPGRADE" && error.rawPacket !== undefined;
}

/** Takes a connection that begins with the preface away from node:http. Its input starts with the preface again. */
export function detach(socket: Socket, { rawPacket, bytesParsed = 0 }: ParseError): void {
  // node:http was the first to listen. Its listener for `close` gives back the parser and the handle from which that reads.
  const [close] = socket.listeners("close");
  if (close !== undefined) {
    close.call(socket);
    socket.off("close", close as () => void);
  }
  for (const event of ["data", "end", "drain", "timeout", "resume", "pause"]) socket.removeAllListeners(event);
  // Otherwise what is put back would be read by nobody.
  socket.pause();
  // node:http leaves sockets half open; HTTP/2 has no use for a connection whose client sends no more.
  socket.allowHalfOpen = false;
  socket.unshift(Buffer.concat([preface, rawPacket?.subarray(bytesParsed) ?? Buffer.alloc(0)]));
}
