import { MemberService } from "../gen/library/v1/loans_cqrs.js";
import { Loan } from "../gen/library/v1/loans_saga.js";

export const loan = Loan.saga({
  start: ({ bookId, memberId }) => ({ bookId, memberId }),
  steps: {
    remind: { command: ({ bookId, memberId }) => ({ bookId, memberId }) },
  },
});

export const memberCommands = MemberService.commands({
  // Send a mail instead. It may be sent twice if the process ends meanwhile: ctx.commandId lets the receiver notice it.
  remindMember: ({ memberId, bookId }) => {
    console.log(`${memberId}, please bring back ${bookId}`);
    return {};
  },
});
