import { connect } from "node:net";

/**
 * Sends the same request over kept-alive connections, one at a time on each, until the time is over. Checks of every
 * answer the status and how its body begins. Bare sockets and a parser of a few lines, so that the generator costs
 * much less than any server and does not set the pace. Gives the number of right answers.
 */
export async function load({ port, body, milliseconds, connections, bodyStart }) {
  const head = `POST /v1/orders HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
  const request = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const end = performance.now() + milliseconds;
  const counts = await Promise.all(
    Array.from({ length: connections }, () => runConnection({ port, request, end, bodyStart })),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function runConnection({ port, request, end, bodyStart }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let count = 0;
    let buffered = "";
    const fail = (reason) => {
      socket.destroy();
      reject(new Error(reason));
    };
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("The server closed a connection that was to be kept")));
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      buffered = buffered === "" ? chunk : buffered + chunk;
      const bodyAt = findBody(buffered);
      if (bodyAt < 0) return;
      if (!buffered.startsWith("HTTP/1.1 200") || !buffered.startsWith(bodyStart, bodyAt)) {
        return fail(`A wrong answer under load: ${buffered.slice(0, 400)}`);
      }
      buffered = "";
      count++;
      if (performance.now() < end) socket.write(request);
      else {
        socket.removeAllListeners("close");
        socket.destroy();
        resolve(count);
      }
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
