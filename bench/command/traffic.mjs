import { Socket } from "node:net";

/**
 * Counts what this process sends to PostgreSQL: flushes (writes of a socket, each a round trip unless requests are
 * pipelined) and statements (messages Execute and Query of the protocol). Call before a driver is imported.
 */
export function countTraffic(port) {
  const traffic = { flushes: 0, statements: 0 };
  // The method of Node that makes the system call, for one buffer or several.
  const write = Socket.prototype._writeGeneric;
  Socket.prototype._writeGeneric = function (isVector, data, encoding, done) {
    if (this.remotePort === port) {
      traffic.flushes++;
      const chunks = isVector ? data.map(({ chunk }) => chunk) : [data];
      traffic.statements += countStatements(chunks);
    }
    return write.call(this, isVector, data, encoding, done);
  };
  return traffic;
}

/** The same for PGlite, which gets its messages by calls. */
export function countCalls(PGlite) {
  const traffic = { flushes: 0, statements: 0 };
  const { execProtocolRaw } = PGlite.prototype;
  PGlite.prototype.execProtocolRaw = function (message, ...rest) {
    traffic.flushes++;
    traffic.statements += countStatements([message]);
    return execProtocolRaw.call(this, message, ...rest);
  };
  return traffic;
}

/** Messages do not span flushes. The first one of a connection has no type, and is passed over. */
function countStatements(chunks) {
  const bytes = chunks.length === 1 ? Buffer.from(chunks[0]) : Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
  if (bytes[0] === 0) return 0;
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
    const type = bytes[at];
    if (type === execute || type === query) count++;
  }
  return count;
}

const execute = "E".charCodeAt(0);
const query = "Q".charCodeAt(0);
