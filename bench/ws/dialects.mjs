const jsonRpcMethod = (name) => `bench.echo.v1.EchoService/${name}`;

/**
 * How a client speaks with each kind of server. `greet`: the text that it sends first, and `isWelcome(text)`: whether that is
 * the answer. `call(id, item)` and `follow(id)` are texts. `read(text, send)` returns `{ id, answer }`, `{ item }`, `{ error }`,
 * or undefined for what is neither.
 */
export const dialects = {
  plain: {
    path: "/",
    call: (id, item) => JSON.stringify({ id, method: "echo", params: item }),
    follow: (id) => JSON.stringify({ id, method: "follow" }),
    read(text) {
      const { id, result, item } = JSON.parse(text);
      return item === undefined ? { id, answer: result } : { item };
    },
  },
  trpc: {
    path: "/",
    call: (id, item) => JSON.stringify({ id, method: "query", params: { path: "echo", input: item } }),
    follow: (id) => JSON.stringify({ id, method: "subscription", params: { path: "follow" } }),
    read(text) {
      const { id, result, error } = JSON.parse(text);
      if (error !== undefined || id === null) return { error: text };
      if (result.type === "started") return undefined;
      // Queries have small numbers, subscriptions begin above them.
      return id >= firstFollowId ? { item: result.data } : { id, answer: result.data };
    },
  },
  "socket.io": {
    path: "/socket.io/?EIO=4&transport=websocket",
    greet: "40",
    isWelcome: (text) => text.startsWith("40"),
    call: (id, item) => `42${id}${JSON.stringify(["echo", item])}`,
    follow: () => '42["follow"]',
    read(text, send) {
      if (text === "2") send("3");
      if (text.startsWith("44")) return { error: text };
      if (text.startsWith("42")) return { item: JSON.parse(text.slice(2))[1] };
      if (!text.startsWith("43")) return undefined;
      const begin = text.indexOf("[");
      return { id: Number(text.slice(2, begin)), answer: JSON.parse(text.slice(begin))[0] };
    },
  },
  potter: {
    path: "/ws",
    protocol: "potter.v1.json",
    call: (id, item) => JSON.stringify({ jsonrpc: "2.0", id, method: jsonRpcMethod("Echo"), params: [item] }),
    follow: (id) => JSON.stringify({ jsonrpc: "2.0", id, method: jsonRpcMethod("Follow"), params: [{}] }),
    read(text) {
      const { id, method, params, result, error } = JSON.parse(text);
      if (error !== undefined) return { error: text };
      if (method === "$/item") return { item: params[1] };
      return method === undefined ? { id, answer: result.response } : undefined;
    },
  },
};

/** Ids of streams begin here. */
export const firstFollowId = 2 ** 30;
