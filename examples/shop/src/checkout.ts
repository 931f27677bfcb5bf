import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { App, HandlersPart, SagaState } from "@potter/runtime";
import { CheckoutService } from "../gen/shop/checkout/v1/checkout_cqrs.js";
import { type CheckoutProgressSchema, CheckoutStatus } from "../gen/shop/checkout/v1/checkout_pb.js";
import { Checkout } from "../gen/shop/checkout/v1/checkout_saga.js";
import type { OrderLine } from "../gen/shop/orders/v1/orders_pb.js";
import { totalOf } from "./order-total.js";

/** What the steps send, and what the checkout keeps of their responses. */
export const checkout = Checkout.saga({
  steps: {
    place: {
      command: ({ orderId, customerEmail, lines }) => ({ orderId, customerEmail, lines }),
      compensation: ({ orderId }) => ({ orderId, reason: "the checkout failed" }),
    },
    reserve: {
      commands: ({ orderId, lines }) => quantities(lines).map(([sku, quantity]) => ({ sku, orderId, quantity })),
      compensation: ({ orderId, lines }, index) => ({ orderId, sku: quantities(lines)[index]?.[0] ?? "" }),
    },
    charge: {
      command: ({ orderId, cardToken, lines }) => ({ orderId, cardToken, amount: totalOf(lines) }),
      response: (data, { paymentId }) => ({ ...data, paymentId }),
      compensation: ({ orderId }) => ({ orderId }),
    },
    ship: { command: ({ orderId }) => ({ orderId }) },
  },
});

/** The quantity of each article, since an order reserves an article once. */
function quantities(lines: readonly OrderLine[]): readonly (readonly [string, number])[] {
  const found = new Map<string, number>();
  for (const { sku, quantity } of lines) found.set(sku, (found.get(sku) ?? 0) + quantity);
  return [...found];
}

/** Starts and shows checkouts. `app`: the app that contains these handlers. */
export function checkouts(app: () => App): readonly HandlersPart[] {
  const commands = CheckoutService.commands({
    startCheckout: async (command, ctx) => {
      const orderId = command.orderId || ctx.commandId;
      const { customerEmail, lines, cardToken } = command;
      // In the conversation of the command, so that its caller can wait for what it leads to.
      const { correlationId } = ctx;
      await app().saga(Checkout).start({ orderId, customerEmail, lines, cardToken }, { correlationId });
      return { orderId };
    },
  });

  const queries = CheckoutService.queries({
    getCheckout: async ({ orderId }) => {
      const state = await app().saga(Checkout).get(orderId);
      return state && toProgress(state);
    },
    watchCheckout: async function* ({ orderId }, { signal }) {
      for await (const state of app().saga(Checkout).watch(orderId, { signal })) yield toProgress(state);
    },
  });

  return [commands, queries];
}

function toProgress({ id, status, steps, failure }: SagaState): MessageInitShape<typeof CheckoutProgressSchema> {
  return {
    orderId: id,
    status: CheckoutStatus[status.toUpperCase() as keyof typeof CheckoutStatus],
    steps: steps.map((step) => ({
      name: step.name,
      status: step.status,
      ...(step.endedAt && { endedAt: timestampFromDate(step.endedAt) }),
    })),
    failure: failure?.reason ?? failure?.code ?? "",
  };
}
