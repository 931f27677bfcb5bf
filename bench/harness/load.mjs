import { connect } from "node:net";

/**
 * Sends requests over kept-alive connections, one at a time on each, in turns, until the time is over; without a time,
 * each once. `requests` may be a function that creates the next request of a connection. `atLeast`: requests that are
 * sent even if that takes longer, up to four times the time, so that a server is warm on a slow machine too. `latencies`
 * receives the milliseconds of each.
 *
 * Checks of every answer the status and how its body begins. Bare sockets and a parser of a few lines, so that the
 * generator costs much less than any server and is not the bottleneck. Returns the number of correct responses.
 */
export async function load({ port, requests, milliseconds, atLeast = 1, connections, latencies }) {
  const start = performance.now();
  const isOver = () => {
    if (milliseconds === undefined) return at === requests.length;
    const spent = performance.now() - start;
    return spent >= milliseconds && at > 0 && (at >= atLeast || spent >= 4 * milliseconds);
  };
  let at = 0;
  const next = (connection) => {
    if (isOver()) return undefined;
    return typeof requests === "function" ? requests(connection, at++) : requests[at++ % requests.length];
  };
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, connection) =>
      runConnection({ port, next: () => next(connection), latencies }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * A request as bytes, and how the body of its answer must begin, a character for each byte. `body`: a text, which is JSON
 * if no header says otherwise, or bytes.
 */
export function toRequest({ method, path, headers = {}, body, bodyStart }) {
  const fields = body === undefined ? headers : { "content-type": "application/json", ...headers };
  const given = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${given.join("")}`;
  if (body === undefined) return { bytes: Buffer.from(`${head}\r\n`), bodyStart };
  const bytes = Buffer.from(body);
  return { bytes: Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`), bytes]), bodyStart };
}

function runConnection({ port, next, latencies }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let count = 0;
    let buffered = "";
    let current;
    let sent;
    const sendNext = () => {
      current = next();
      sent = latencies && performance.now();
      if (current !== undefined) return socket.write(current.bytes);
      socket.removeAllListeners("close");
      socket.destroy();
      resolve(count);
    };
    const fail = (reason) => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("The server closed a connection that was to be kept")));
    socket.on("connect", sendNext);
    socket.on("data", (chunk) => {
      buffered = buffered === "" ? chunk : buffered + chunk;
      const bodyAt = findBody(buffered);
      if (bodyAt < 0) return;
      if (!buffered.startsWith("HTTP/1.1 200") || !buffered.startsWith(current.bodyStart, bodyAt)) {
        return fail(`A wrong answer under load: ${buffered.slice(0, 400)}`);
      }
      buffered = "";
      latencies?.push(performance.now() - sent);
      count++;
      sendNext();
    });
  });
}

/** Where the body of a complete response begins; -1 while some is missing. */
function findBody(response) {
  const headEnd = response.indexOf("\r\n\r\n");
  if (headEnd < 0) return -1;
  const head = response.slice(0, headEnd);
  const bodyAt = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return response.length >= bodyAt + Number(length) ? bodyAt : -1;
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error(`No length: ${head}`);
  return response.endsWith("0\r\n\r\n") ? response.indexOf("\r\n", bodyAt) + 2 : -1;
}
