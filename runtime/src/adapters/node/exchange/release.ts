import type { Socket } from "node:net";

/** How long a client may take to read the last response and to close its side, in milliseconds. */
const grace = 500;

/**
 * Closes a connection: sends what was written, discards what arrives, and destroys the socket after a short grace period. Sockets of
 * node:http are half-open: without that, a socket whose client never closes its side stays open forever.
 */
export function release(socket: Socket): void {
  if (socket.destroyed) return;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), grace).unref();
  socket.once("close", () => clearTimeout(timer));
}
