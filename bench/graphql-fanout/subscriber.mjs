import { openWebSocket } from "../harness/web-socket.mjs";

/**
 * Opens a socket by graphql-transport-ws and subscribes. `onMessage` gets what comes then. Returns the function that
 * closes it.
 */
export function subscribe({ port, payload, onMessage, onFailure }) {
  return new Promise((resolve, reject) => {
    let isSubscribed = false;
    const fail = (error) => (isSubscribed ? onFailure(error) : reject(error));
    const onText = (text, socket) => {
      const { type, ...message } = JSON.parse(text);
      if (type === "connection_ack") {
        socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
        isSubscribed = true;
        resolve(() => socket.close());
      } else if (type === "next") onMessage(message.payload);
      else if (type === "ping") socket.send('{"type":"pong"}');
      else fail(new Error(`a server sent ${type} ${JSON.stringify(message)}`));
    };
    openWebSocket({ port, path: "/graphql", protocol: "graphql-transport-ws", onText, onFailure: fail }).then(
      (socket) => socket.send('{"type":"connection_init"}'),
      reject,
    );
  });
}
