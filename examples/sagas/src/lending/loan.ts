import { Loan } from "../../gen/lending/v1/lending_cqrs.js";

type Status = "unknown" | "requested" | "approved" | "paid out" | "repaid" | "expired";

/** What may happen to a loan. A borrower may repay while a reminder is on its way: then there is nothing to remind of. */
export const loan = Loan.decider({
  initial: (): Status => "unknown",
  decide: {
    requestLoan: (_status, { loanId }) => Loan.event.loanRequested({ loanId }),
    approveLoan: (status, { loanId }) =>
      status === "requested" ? Loan.event.loanApproved({ loanId }) : Loan.reject.wrongStatus({ loanId, status }),
    payOutLoan: (status, { loanId }) =>
      status === "approved" ? Loan.event.loanPaidOut({ loanId }) : Loan.reject.wrongStatus({ loanId, status }),
    remindBorrower: (status, { loanId }) => (status === "paid out" ? Loan.event.borrowerReminded({ loanId }) : []),
    repayLoan: (status, { loanId }) =>
      status === "paid out" || status === "expired"
        ? Loan.event.loanRepaid({ loanId })
        : Loan.reject.wrongStatus({ loanId, status }),
    expireLoan: (status, { loanId }) => (status === "paid out" ? Loan.event.loanExpired({ loanId }) : []),
  },
  evolve: {
    loanRequested: (): Status => "requested",
    loanApproved: (): Status => "approved",
    loanPaidOut: (): Status => "paid out",
    borrowerReminded: (status) => status,
    loanRepaid: (): Status => "repaid",
    loanExpired: (): Status => "expired",
  },
});
