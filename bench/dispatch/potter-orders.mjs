import { customerEmail, lines } from "./works.mjs";

/** Orders of an app of Potter: the same ones with and without a personal field. */
export async function appendTask(app, method, aggregate) {
  await app.start();
  let next = 0;
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const orderId = `order-${next++}`;
        const answer = await app.send(method, { orderId, customerEmail, lines });
        if (answer.orderId === orderId) right++;
      }
      return right;
    },
    async check(count) {
      const { events } = await app.store.events.readAll(count - 1, 10);
      const history = await app.history(aggregate, `order-${count - 1}`);
      const [first] = history;
      if (events.length !== 1 || history.length !== 1 || first.data.lines.length !== 3) {
        throw new Error(`the store does not hold ${count} orders of one event`);
      }
      if (first.data.customerEmail !== customerEmail) throw new Error("the address of the order is not readable");
    },
  };
}
