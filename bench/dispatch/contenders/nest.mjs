import "reflect-metadata";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { CommandBus, CommandHandler, CqrsModule } from "@nestjs/cqrs";

export const name = "@nestjs/cqrs 12";
export const tasks = { trivial };

class Charge {
  constructor(orderId, amount, cardToken) {
    this.orderId = orderId;
    this.amount = amount;
    this.cardToken = cardToken;
  }
}

let handled = 0;

class ChargeHandler {
  async execute(command) {
    handled++;
    return { paymentId: `p-${command.orderId}` };
  }
}
CommandHandler(Charge)(ChargeHandler);

class BenchModule {}
Module({ imports: [CqrsModule.forRoot()], providers: [ChargeHandler] })(BenchModule);

async function trivial() {
  const context = await NestFactory.createApplicationContext(BenchModule, { logger: false });
  const bus = context.get(CommandBus);
  const command = new Charge("o-1", 1_299n, "tok");
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await bus.execute(command);
        if (answer.paymentId === "p-o-1") right++;
      }
      return right;
    },
    check(count) {
      if (handled !== count) throw new Error(`handled ${handled} commands instead of ${count}`);
    },
  };
}
