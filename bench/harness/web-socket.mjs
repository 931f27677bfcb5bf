import { connect } from "node:net";

/**
 * Opens a WebSocket. `onText` gets each message, `onFailure` whatever ends the socket once it is open. Bare sockets and a
 * reader of a few lines, so that thousands of them cost much less than any server. Resolves to `{ send(text), close() }`.
 */
export function openWebSocket({ port, path, protocol, onText, onFailure }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let isOpen = false;
    let rest = Buffer.alloc(0);
    const fail = (reason) => {
      socket.destroy();
      const error = new Error(reason);
      if (isOpen) onFailure(error);
      else reject(error);
    };
    const opened = {
      send: (text) => socket.write(toFrame(0x81, text)),
      close() {
        socket.removeAllListeners();
        socket.on("error", () => {});
        socket.destroy();
      },
    };
    socket.on("connect", () => socket.write(toHandshake(path, protocol)));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("a server closed a socket that was to be kept"));
    socket.on("data", (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!isOpen) {
        const end = rest.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!rest.subarray(0, end).toString().startsWith("HTTP/1.1 101")) return fail(rest.toString());
        rest = rest.subarray(end + 4);
        isOpen = true;
        resolve(opened);
      }
      for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
        rest = rest.subarray(frame.length);
        if (frame.kind === 0x81) onText(frame.body.toString(), opened);
        else if (frame.kind === 0x89) socket.write(toFrame(0x8a, frame.body));
        else return fail(`a server sent a frame of kind ${frame.kind.toString(16)}`);
      }
    });
  });
}

function toHandshake(path, protocol) {
  return [
    `GET ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: cG90dGVyLWJlbmNobWFyaw==",
    ...(protocol === undefined ? [] : [`sec-websocket-protocol: ${protocol}`]),
    "",
    "",
  ].join("\r\n");
}

/** The first whole frame: RFC 6455, 5.2. Servers do not mask. */
function readFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1];
  const start = short < 126 ? 2 : 4;
  if (short > 126) throw new Error("a message is longer than any that is expected");
  if (bytes.length < start) return undefined;
  const length = start + (short < 126 ? short : bytes.readUInt16BE(2));
  return bytes.length < length ? undefined : { kind: bytes[0], length, body: bytes.subarray(start, length) };
}

/** A client must mask; a mask of zeros changes nothing. */
function toFrame(kind, text) {
  const body = Buffer.from(text);
  const head = body.length < 126 ? [kind, 0x80 | body.length] : [kind, 0x80 | 126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}
