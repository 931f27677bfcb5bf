import { CommandHandler, getInMemoryEventStore, getInMemoryMessageBus } from "@event-driven-io/emmett";
import { customerEmail, lines } from "../works.mjs";

export const name = "emmett 0.42";
export const tasks = { trivial, append, load };
/** Its store counts all events of all streams at each append: filling it with 100,000 streams takes minutes. */
export const skip = ["append-100k"];

/** Its bus sends without an answer, so only what was handled can be checked. */
function trivial() {
  let handled = 0;
  const bus = getInMemoryMessageBus();
  bus.handle(async (command) => {
    if (command.data.orderId === "o-1") handled++;
  }, "Charge");
  const command = { type: "Charge", data: { orderId: "o-1", amount: 1_299n, cardToken: "tok" } };
  return {
    async run(count) {
      const before = handled;
      for (let i = 0; i < count; i++) await bus.send(command);
      return handled - before;
    },
    check(count) {
      if (handled !== count) throw new Error(`handled ${handled} commands instead of ${count}`);
    },
  };
}

function append() {
  const store = getInMemoryEventStore();
  const handle = CommandHandler({
    initialState: () => ({ placed: false, lines: [] }),
    evolve: (_state, event) => ({ placed: true, lines: event.data.lines }),
  });
  const decide = (state, { data }) =>
    state.placed ? [] : [{ type: "order.placed", data: { ...data, placedAt: new Date() } }];
  let next = 0;
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const orderId = `order-${next++}`;
        const command = { type: "PlaceOrder", data: { orderId, customerEmail, lines } };
        const answer = await handle(store, orderId, (state) => decide(state, command));
        if (answer.newEvents.length === 1 && answer.nextExpectedStreamVersion === 1n) right++;
      }
      return right;
    },
    async check(count) {
      const { events } = await store.readStream(`order-${count - 1}`);
      if (events.length !== 1 || events[0].data.lines.length !== 3) {
        throw new Error(`the store does not hold ${count} orders of one event`);
      }
    },
  };
}

async function load() {
  const store = getInMemoryEventStore();
  const handle = CommandHandler({
    initialState: () => ({ available: 0, reserved: new Map() }),
    evolve: (state, { type, data }) =>
      type === "stock.replenished"
        ? { ...state, available: state.available + data.quantity }
        : {
            available: state.available - data.quantity,
            reserved: new Map(state.reserved).set(data.orderId, data.quantity),
          },
  });
  const decide = (state, { type, data }) =>
    type === "Replenish"
      ? [{ type: "stock.replenished", data }]
      : state.reserved.has(data.orderId)
        ? []
        : [{ type: "stock.reserved", data }];
  const send = (command) => handle(store, "sku-1", (state) => decide(state, command));
  for (let i = 0; i < 9; i++) await send({ type: "Replenish", data: { sku: "sku-1", quantity: 5 } });
  const reserve = { type: "Reserve", data: { sku: "sku-1", orderId: "order-1", quantity: 3 } };
  await send(reserve);
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await send(reserve);
        if (answer.newEvents.length === 0) right++;
      }
      return right;
    },
    async check() {
      const { events } = await store.readStream("sku-1");
      if (events.length !== 10) throw new Error(`the stream has ${events.length} events instead of 10`);
    },
  };
}
