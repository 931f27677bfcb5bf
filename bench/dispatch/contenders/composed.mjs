export const name = "Map + 3 composed middlewares";
export const tasks = { trivial };

/** The onion as it is usually written: each middleware awaits the next. */
function compose(middlewares, handler) {
  return middlewares.reduceRight((next, middleware) => (call) => middleware(call, next), handler);
}

function trivial() {
  let handled = 0;
  let seen = 0;
  const pass = async (call, next) => {
    seen++;
    return await next(call);
  };
  const charge = async ({ command }) => {
    handled++;
    return { paymentId: `p-${command.orderId}` };
  };
  const handlers = new Map([["Charge", compose([pass, pass, pass], charge)]]);
  const command = { orderId: "o-1", amount: 1_299n, cardToken: "tok" };
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await handlers.get("Charge")({ command });
        if (answer.paymentId === "p-o-1") right++;
      }
      return right;
    },
    check(count) {
      if (handled !== count || seen !== 3 * count) throw new Error(`handled ${handled} commands instead of ${count}`);
    },
  };
}
