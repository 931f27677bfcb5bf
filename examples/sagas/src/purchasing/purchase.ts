import { Purchase } from "../../gen/purchasing/v1/purchasing_cqrs.js";

/** In cents. What costs more is verified by a person. */
const largestUnverified = 100_000n;

/** Whether a person has to verify a purchase. */
export function isLarge(amount: bigint): boolean {
  return amount > largestUnverified;
}

interface State {
  readonly status: "unknown" | "open" | "ordered" | "cancelled";
  readonly amount: bigint;
  /** undefined: not verified. */
  readonly approved?: boolean;
}

/** What may happen to a purchase. It refuses to order what is not approved, regardless of who sends the command. */
export const purchase = Purchase.decider({
  initial: (): State => ({ status: "unknown", amount: 0n }),
  decide: {
    requestPurchase: ({ status }, { purchaseId, amount }) =>
      status === "unknown" ? Purchase.event.purchaseRequested({ purchaseId, amount }) : [],
    verifyPurchase: ({ status, approved: known }, { purchaseId, approved }) => {
      if (status !== "open") return Purchase.reject.purchaseNotOpen({ purchaseId });
      return known === undefined ? Purchase.event.purchaseVerified({ purchaseId, approved }) : [];
    },
    orderPurchase: ({ status, amount, approved }, { purchaseId }) => {
      if (status !== "open") return Purchase.reject.purchaseNotOpen({ purchaseId });
      return isLarge(amount) && approved !== true
        ? Purchase.reject.purchaseNotApproved({ purchaseId })
        : Purchase.event.purchaseOrdered({ purchaseId });
    },
    cancelPurchase: ({ status }, { purchaseId }) =>
      status === "open" ? Purchase.event.purchaseCancelled({ purchaseId }) : [],
  },
  evolve: {
    purchaseRequested: (_state, { amount }): State => ({ status: "open", amount }),
    purchaseVerified: (state, { approved }) => ({ ...state, approved }),
    purchaseOrdered: (state): State => ({ ...state, status: "ordered" }),
    purchaseCancelled: (state): State => ({ ...state, status: "cancelled" }),
  },
});
