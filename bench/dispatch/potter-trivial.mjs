/** The trivial command through an app of Potter. The message is made once, as all contenders make their command once. */
export async function trivialTask(createApp, method) {
  let handled = 0;
  const app = createApp(() => handled++);
  await app.start();
  const command = method.request.create({ orderId: "o-1", amount: 1_299n, cardToken: "tok" });
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await app.send(method, command);
        if (answer.paymentId === "p-o-1") right++;
      }
      return right;
    },
    async check(count) {
      if (handled !== count) throw new Error(`handled ${handled} commands instead of ${count}`);
      if (method.name === "Charge") await expectRefusal(app, method);
    },
  };
}

/** That the rules are in force is part of the work. */
async function expectRefusal(app, method) {
  const refused = await app.send(method, { orderId: "", amount: 1n }).then(
    () => undefined,
    (error) => error.code,
  );
  if (refused !== "invalid_argument") throw new Error("a command that breaks a rule was not refused");
}
