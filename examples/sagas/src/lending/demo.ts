import { createApp, memory } from "@potter/runtime";
import { virtualClock } from "@potter/runtime/testing";
import { Loan, LoanService } from "../../gen/lending/v1/lending_cqrs.js";
import { Lending } from "../../gen/lending/v1/lending_saga.js";
import { hasEnded, hasStep, until } from "../saga-states.js";
import { lending } from "./lending.js";
import { loan } from "./loan.js";

const day = 86_400_000;

/** Runs a loan that is repaid after its reminder, and one that expires. Weeks pass at once, since the clock is virtual. */
export async function runLending(print: (line: string) => void): Promise<void> {
  const clock = virtualClock(new Date("2026-01-01T09:00:00Z"));
  const app = createApp({
    store: memory({ clock }),
    clock,
    parts: [lending, loan],
    sagas: { pollInterval: 10 },
  });
  const { requestLoan, approveLoan, repayLoan } = LoanService.methods;

  for (const [loanId, isRepaid] of [
    ["car", true],
    ["boat", false],
  ] as const) {
    print(`${loanId === "car" ? "" : "\n"}A loan that is ${isRepaid ? "repaid after the reminder" : "never repaid"}`);
    const reached = (step: string) => until(app.saga(Lending).watch(loanId), hasStep(step, "running"));
    await app.send(requestLoan, { loanId });
    await app.send(approveLoan, { loanId });
    await reached("repayment");
    clock.advance(30 * day);
    await reached("late_repayment");
    if (isRepaid) await app.send(repayLoan, { loanId });
    else clock.advance(14 * day);
    await until(app.saga(Lending).watch(loanId), hasEnded);
    for (const { at, type } of await app.history(Loan, loanId))
      print(`${new Date(at).toISOString().slice(0, 10)} ${type}`);
  }

  await app.stop();
}
