import type { Socket } from "node:net";

/** How long a client may take to read a last answer and close its side, in milliseconds. */
const grace = 500;

/**
 * Closes a connection for good: what was written is sent, what still arrives is dropped, and after a short grace the socket is
 * destroyed. Sockets of node:http are half-open: without that, one whose client never closes its side stays for ever.
 */
export function release(socket: Socket): void {
  if (socket.destroyed) return;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), grace).unref();
  socket.once("close", () => clearTimeout(timer));
}
