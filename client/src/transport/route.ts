import type { OutgoingCall, Transport } from "./transport.js";

/** Chooses a transport for each call, such as one for streams and another for the rest. Closes those that it has used. */
export function route(choose: (call: OutgoingCall) => Transport): Transport {
  const used = new Set<Transport>();
  return {
    send(call) {
      const transport = choose(call);
      used.add(transport);
      return transport.send(call);
    },
    async close() {
      await Promise.all(Array.from(used, (transport) => transport.close?.()));
    },
  };
}
