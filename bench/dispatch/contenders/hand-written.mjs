import { customerEmail, lines } from "../works.mjs";

export const name = "hand-written (floor)";
export const tasks = { trivial, append, load };

function trivial() {
  let handled = 0;
  const charge = async (command) => {
    handled++;
    return { paymentId: `p-${command.orderId}` };
  };
  const handlers = new Map([["Charge", charge]]);
  const command = { orderId: "o-1", amount: 1_299n, cardToken: "tok" };
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await handlers.get("Charge")(command);
        if (answer.paymentId === "p-o-1") right++;
      }
      return right;
    },
    check(count) {
      if (handled !== count) throw new Error(`handled ${handled} commands instead of ${count}`);
    },
  };
}

function createStore() {
  const streams = new Map();
  return {
    streams,
    async read(id) {
      return streams.get(id) ?? [];
    },
    async append(id, expectedVersion, events) {
      const stream = streams.get(id);
      if ((stream?.length ?? 0) !== expectedVersion) throw new Error("conflict");
      if (stream === undefined) streams.set(id, [...events]);
      else stream.push(...events);
      return expectedVersion + events.length;
    },
  };
}

function createHandler({ store, initial, evolve, decide }) {
  return async (id, command) => {
    const events = await store.read(id);
    let state = initial();
    for (const event of events) state = evolve(state, event);
    const decided = decide(state, command);
    if (decided.length > 0) await store.append(id, events.length, decided);
    return { id, decided };
  };
}

function append() {
  const store = createStore();
  const handle = createHandler({
    store,
    initial: () => ({ placed: false, lines: [] }),
    evolve: (_state, event) => ({ placed: true, lines: event.data.lines }),
    decide: (state, { data }) =>
      state.placed ? [] : [{ type: "order.placed", data: { ...data, placedAt: new Date() } }],
  });
  let next = 0;
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const orderId = `order-${next++}`;
        const answer = await handle(orderId, { type: "PlaceOrder", data: { orderId, customerEmail, lines } });
        if (answer.id === orderId && answer.decided.length === 1) right++;
      }
      return right;
    },
    async check(count) {
      const [event, ...rest] = await store.read(`order-${count - 1}`);
      if (store.streams.size !== count || event.data.lines.length !== 3 || rest.length > 0) {
        throw new Error(`the store does not hold ${count} orders of one event`);
      }
    },
  };
}

async function load() {
  const store = createStore();
  const handle = createHandler({
    store,
    initial: () => ({ available: 0, reserved: new Map() }),
    evolve: (state, { type, data }) =>
      type === "stock.replenished"
        ? { ...state, available: state.available + data.quantity }
        : {
            available: state.available - data.quantity,
            reserved: new Map(state.reserved).set(data.orderId, data.quantity),
          },
    decide: (state, { type, data }) =>
      type === "Replenish"
        ? [{ type: "stock.replenished", data }]
        : state.reserved.has(data.orderId)
          ? []
          : [{ type: "stock.reserved", data }],
  });
  for (let i = 0; i < 9; i++) await handle("sku-1", { type: "Replenish", data: { sku: "sku-1", quantity: 5 } });
  const reserve = { type: "Reserve", data: { sku: "sku-1", orderId: "order-1", quantity: 3 } };
  await handle("sku-1", reserve);
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await handle("sku-1", reserve);
        if (answer.decided.length === 0) right++;
      }
      return right;
    },
    async check() {
      const events = await store.read("sku-1");
      if (events.length !== 10) throw new Error(`the stream has ${events.length} events instead of 10`);
    },
  };
}
