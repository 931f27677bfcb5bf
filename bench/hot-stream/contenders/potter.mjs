import { randomUUID } from "node:crypto";
import { createTillApp, isPotterError, memory, payIn, postgres } from "../../potter/dist/till.mjs";

// By the public API, as any app would: `app.send`, rules and errors of the contract, messages of protobuf-es.
export const contenders = [
  { name: "Potter", on: "postgres", open: ({ url, connections }) => openPotter(() => postgres({ url, connections })) },
  { name: "Potter", on: "memory", open: () => openPotter(memory) },
];

async function openPotter(createStore) {
  let store;
  let app;
  const total = async (id) => (await store.events.readStream({ tenant: "", type: "till", id })).length;
  await begin();
  async function begin() {
    store = createStore();
    app = createTillApp(store);
    await app.start();
  }
  return {
    openTill: () => randomUUID(),
    payIn: async (tillId, amount) => Number((await app.send(payIn, { tillId, amount: BigInt(amount) })).total),
    total,
    isConflict: (error) => isPotterError(error) && error.code === "aborted",
    close: () => app.stop(),
  };
}
