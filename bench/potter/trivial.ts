// The trivial command as an app of Potter.
import { type App, createApp } from "@potter/runtime";
import { TrivialService } from "./gen/bench/trivial/v1/trivial_cqrs.js";

export const { charge, chargeUnchecked } = TrivialService.methods;

/** `handled` is called for every command that reaches its handler. */
export function createTrivialApp(handled: () => void): App {
  return createApp({
    parts: [
      TrivialService.commands({
        charge: async (command) => {
          handled();
          return { paymentId: `p-${command.orderId}` };
        },
        chargeUnchecked: async (command) => {
          handled();
          return { paymentId: `p-${command.orderId}` };
        },
      }),
    ],
  });
}

/** The same with handlers that return their response instead of a promise of it. */
export function createSynchronousApp(handled: () => void): App {
  const charge = ({ orderId }: { readonly orderId: string }) => {
    handled();
    return { paymentId: `p-${orderId}` };
  };
  return createApp({ parts: [TrivialService.commands({ charge, chargeUnchecked: charge })] });
}
