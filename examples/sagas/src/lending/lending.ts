import { Lending } from "../../gen/lending/v1/lending_saga.js";

/** Starts with the application. Timers and time limits are in the contract; the guards look at what has happened until then. */
export const lending = Lending.saga({
  start: ({ loanId }) => ({ loanId }),
  steps: {
    payOut: { command: ({ loanId }) => ({ loanId }) },
    repayment: { event: (data) => ({ ...data, repaid: true }) },
    remind: { when: ({ repaid }) => !repaid, command: ({ loanId }) => ({ loanId }) },
    lateRepayment: { when: ({ repaid }) => !repaid, event: (data) => ({ ...data, repaid: true }) },
    expire: { when: ({ repaid }) => !repaid, command: ({ loanId }) => ({ loanId }) },
  },
});
