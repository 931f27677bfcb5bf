import type { HandlersPart } from "@potter/runtime";
import { PaymentService } from "../gen/shop/payments/v1/payments_cqrs.js";

/** The payment gateway. Replace it with your provider. */
export interface PaymentGateway {
  charge(
    amount: bigint,
    cardToken: string,
    idempotencyKey: string,
  ): Promise<{ id: string } | { declined: string; cardHolder: string }>;
  refund(orderId: string, idempotencyKey: string): Promise<void>;
}

/** Commands in front of another system are plain functions; the command id is the key for its own idempotency. */
export function payments(gateway: PaymentGateway): HandlersPart {
  return PaymentService.commands({
    charge: async (command, ctx) => {
      const outcome = await gateway.charge(command.amount, command.cardToken, ctx.commandId);
      return "declined" in outcome
        ? PaymentService.reject.cardDeclined({ reason: outcome.declined, cardHolder: outcome.cardHolder })
        : { paymentId: outcome.id };
    },
    refund: async (command, ctx) => {
      await gateway.refund(command.orderId, ctx.commandId);
      return {};
    },
  });
}

/** A gateway for trials: takes every card but the token `declined`. */
export const trialGateway: PaymentGateway = {
  charge: async (_amount, cardToken, idempotencyKey) =>
    cardToken === "declined"
      ? { declined: "the bank said no", cardHolder: "Ada Lovelace" }
      : { id: `payment-${idempotencyKey}` },
  refund: async () => {},
};
