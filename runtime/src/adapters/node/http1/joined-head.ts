import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { Duplex } from "node:stream";

/** A response after `writeHead`, with the head as node:http will send it. */
export interface ResponseWithHead {
  _header: string;
}

/**
 * Whether this version of node:http, or what a platform has in its place, sends what is appended to the head of a response. It
 * passes head and body to the socket as two chunks, which the socket gathers in a buffer. A body that is appended to the head is
 * written with it, which saves a tenth of the CPU time of a short response.
 */
export function sendsJoinedHead(): boolean {
  let written = "";
  const socket = new Duplex({
    decodeStrings: false,
    read() {},
    write(chunk: unknown, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  try {
    const outgoing = new ServerResponse(new IncomingMessage(new Socket()));
    outgoing.assignSocket(socket as Socket);
    outgoing.writeHead(200, ["content-length", "4"]);
    (outgoing as unknown as ResponseWithHead)._header += "body";
    outgoing.end();
    return /^HTTP\/1\.1 200 OK\r\ncontent-length: 4\r\n.*\r\n\r\nbody$/s.test(written);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
