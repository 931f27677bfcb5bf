import { connect } from "node:http2";

/**
 * Calls a gRPC server over a few sessions of HTTP/2, so many calls at a time, until the time is over. `atLeast`: calls
 * that are made even if that takes longer, up to four times the time, so that a server is warm on a slow machine too.
 *
 * A client of a few lines on node:http2, the same for all servers, in a process of its own. Of every answer all bytes are
 * compared with what they must be, and the status is checked. Returns the number of correct calls.
 */
export async function loadCalls({ port, call, milliseconds, atLeast = 1, inFlight, sessions: count }) {
  const sessions = await Promise.all(Array.from({ length: count }, () => open(port)));
  const start = performance.now();
  let calls = 0;
  const isOver = () => {
    const spent = performance.now() - start;
    return spent >= milliseconds && calls > 0 && (calls >= atLeast || spent >= 4 * milliseconds);
  };
  try {
    await new Promise((resolve, reject) => {
      let running = inFlight;
      const next = (session) => {
        if (isOver()) return --running === 0 ? resolve() : undefined;
        calls++;
        runCall(session, call, () => next(session), reject);
      };
      for (let at = 0; at < inFlight; at++) next(sessions[at % count]);
    });
  } finally {
    for (const session of sessions) session.destroy();
  }
  return calls;
}

function open(port) {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.once("connect", () => resolve(session));
    session.once("error", reject);
  });
}

/** `call`: its `headers`, the `frames` that it sends, the bytes that must be `expected`, and whether it `waits` for each. */
function runCall(session, { headers, frames, expected, waits }, done, fail) {
  const stream = session.request(headers);
  const chunks = [];
  let received = 0;
  let sent = 0;
  let status;
  const answerLength = expected.length / frames.length;
  const send = () => {
    const frame = frames[sent++];
    if (sent === frames.length) stream.end(frame);
    else stream.write(frame);
  };
  stream.on("response", (head) => {
    if (head[":status"] !== 200) status = `HTTP ${head[":status"]}`;
    else if (head["grpc-status"] !== undefined) status = `${head["grpc-status"]} ${head["grpc-message"]}`;
  });
  stream.on("data", (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    if (waits) while (sent < frames.length && received >= sent * answerLength) send();
  });
  stream.on("trailers", (trailers) => {
    status ??= trailers["grpc-status"] === "0" ? "ok" : `${trailers["grpc-status"]} ${trailers["grpc-message"]}`;
  });
  stream.on("error", fail);
  stream.on("close", () => {
    const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    if (status === "ok" && bytes.equals(expected)) return done();
    fail(new Error(`A wrong answer under load: status ${status}, ${bytes.length} bytes of ${expected.length}`));
  });
  send();
  if (!waits) while (sent < frames.length) send();
}
