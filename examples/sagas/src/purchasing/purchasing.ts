import { Purchasing } from "../../gen/purchasing/v1/purchasing_saga.js";
import { isLarge } from "./purchase.js";

/** The guard of `verify` decides once, when the step could begin. If it returns false, the step is recorded as skipped. */
export const purchasing = Purchasing.saga({
  steps: {
    request: {
      command: ({ purchaseId, amount }) => ({ purchaseId, amount }),
      compensation: ({ purchaseId }) => ({ purchaseId }),
    },
    verify: { when: ({ amount }) => isLarge(amount) },
    order: { command: ({ purchaseId }) => ({ purchaseId }) },
  },
});
