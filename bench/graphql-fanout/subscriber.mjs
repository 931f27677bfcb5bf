import { connect } from "node:net";

const handshake = [
  "GET /graphql HTTP/1.1",
  "host: 127.0.0.1",
  "connection: Upgrade",
  "upgrade: websocket",
  "sec-websocket-version: 13",
  "sec-websocket-key: cG90dGVyLWJlbmNobWFyaw==",
  "sec-websocket-protocol: graphql-transport-ws",
  "",
  "",
].join("\r\n");

/**
 * Opens a socket by graphql-transport-ws and subscribes. `onMessage` gets what comes then. Bare sockets and a reader of a few lines, so that
 * ten thousand of them cost much less than any server. Returns the function that closes it.
 */
export function subscribe({ port, payload, onMessage, onFailure }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let state = "connecting";
    let rest = Buffer.alloc(0);
    const fail = (reason) => {
      socket.destroy();
      const error = new Error(reason);
      if (state === "subscribed") onFailure(error);
      else reject(error);
    };
    const take = ({ type, ...message }) => {
      if (type === "connection_ack") {
        socket.write(toFrame(0x81, JSON.stringify({ id: "1", type: "subscribe", payload })));
        state = "subscribed";
        resolve(() => {
          socket.removeAllListeners();
          socket.on("error", () => {});
          socket.destroy();
        });
      } else if (type === "next") onMessage(message.payload);
      else if (type === "ping") socket.write(toFrame(0x81, '{"type":"pong"}'));
      else fail(`a server sent ${type} ${JSON.stringify(message)}`);
    };
    socket.on("connect", () => socket.write(handshake));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("a server closed a socket that was to be kept"));
    socket.on("data", (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (state === "connecting") {
        const end = rest.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!rest.subarray(0, end).toString().startsWith("HTTP/1.1 101")) return fail(rest.toString());
        rest = rest.subarray(end + 4);
        state = "open";
        socket.write(toFrame(0x81, '{"type":"connection_init"}'));
      }
      for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
        rest = rest.subarray(frame.length);
        if (frame.kind === 0x81) take(JSON.parse(frame.body.toString()));
        else if (frame.kind === 0x89) socket.write(toFrame(0x8a, frame.body));
        else fail(`a server sent a frame of kind ${frame.kind.toString(16)}`);
      }
    });
  });
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
