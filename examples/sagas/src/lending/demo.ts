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

  /** Lends until the reminder, does what follows it, and prints the events of the loan with their days. */
  async function lend(loanId: string, afterReminder: () => unknown): Promise<void> {
    const reached = (step: string) => until(app.saga(Lending).watch(loanId), hasStep(step, "running"));
    await app.send(requestLoan, { loanId });
    await app.send(approveLoan, { loanId });
    await reached("repayment");
    clock.advance(30 * day);
    await reached("late_repayment");
    await afterReminder();
    await until(app.saga(Lending).watch(loanId), hasEnded);
    const events = await app.history(Loan, loanId);
    for (const { at, type } of events) print(`${new Date(at).toISOString().slice(0, 10)} ${type}`);
  }

  print("A loan that is repaid after the reminder");
  await lend("car", () => app.send(repayLoan, { loanId: "car" }));

  print("\nA loan that is never repaid");
  await lend("boat", () => clock.advance(14 * day));

  await app.stop();
}
