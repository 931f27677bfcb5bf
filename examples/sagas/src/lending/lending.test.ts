import { type App, createApp, memory } from "@potter/runtime";
import { specifySaga, type VirtualClock, virtualClock } from "@potter/runtime/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Loan, LoanService } from "../../gen/lending/v1/lending_cqrs.js";
import { Lending } from "../../gen/lending/v1/lending_saga.js";
import { hasEnded, hasStep, until } from "../saga-states.js";
import { lending } from "./lending.js";
import { loan } from "./loan.js";

const day = 86_400_000;
const loanId = "1";

describe("a loan, specified", () => {
  const paidOut = specifySaga(Lending, lending)
    .startsBy({ loanId })
    .receives("approval", { loanId })
    .responds("payOut", {});

  it("ends without a payment if nobody approves it within seven days", () => {
    specifySaga(Lending, lending)
      .startsBy({ loanId })
      .passes(7 * day)
      .sendsNothing()
      .hasStatus("compensated");
  });

  it("ends with the repayment, without a reminder", () => {
    paidOut
      .passes(29 * day)
      .receives("repayment", { loanId })
      .hasStatus("completed")
      .hasStep("remind", "skipped")
      .hasStep("expire", "skipped");
  });

  const reminded = paidOut
    .passes(30 * day)
    .sends("remind", { loanId })
    .responds("remind", {});

  it("is repaid after the reminder", () => {
    reminded.receives("lateRepayment", { loanId }).hasStatus("completed").hasStep("expire", "skipped");
  });

  it("expires two weeks after the reminder", () => {
    reminded
      .passes(14 * day)
      .sends("expire", { loanId })
      .responds("expire", {})
      .hasStatus("completed");
  });

  it("cannot be cancelled once it is paid out", () => {
    paidOut.cancel().hasStatus("running");
  });
});

describe("a loan, run on a virtual clock", () => {
  const { requestLoan, approveLoan, repayLoan } = LoanService.methods;
  let clock: VirtualClock;
  let app: App;

  beforeEach(async () => {
    clock = virtualClock(new Date("2026-01-01T09:00:00Z"));
    app = createApp({ store: memory({ clock }), clock, parts: [lending, loan], sagas: { pollInterval: 5 } });
    await app.send(requestLoan, { loanId });
    await app.send(approveLoan, { loanId });
    await reached("repayment");
  });
  afterEach(() => app.stop());

  const reached = (step: string) => until(app.saga(Lending).watch(loanId), hasStep(step, "running"));
  const ended = () => until(app.saga(Lending).watch(loanId), hasEnded);

  /** The events of the loan after its payment, each with the day on which it was recorded. */
  async function laterEvents(): Promise<readonly string[]> {
    const events = (await app.history(Loan, loanId)).slice(3);
    return events.map(({ at, type }) => `${new Date(at).toISOString().slice(0, 10)} ${type}`);
  }

  it("is repaid in time", async () => {
    clock.advance(29 * day);
    await app.send(repayLoan, { loanId });
    expect((await ended()).status).toBe("completed");
    expect(await laterEvents()).toEqual(["2026-01-30 loan.repaid"]);
  });

  it("is repaid after the reminder", async () => {
    clock.advance(30 * day);
    await reached("late_repayment");
    clock.advance(13 * day);
    await app.send(repayLoan, { loanId });
    expect((await ended()).status).toBe("completed");
    expect(await laterEvents()).toEqual(["2026-01-31 loan.borrower_reminded", "2026-02-13 loan.repaid"]);
  });

  it("expires after 30 days and 14 more", async () => {
    clock.advance(30 * day);
    await reached("late_repayment");
    clock.advance(14 * day);
    expect((await ended()).status).toBe("completed");
    expect(await laterEvents()).toEqual(["2026-01-31 loan.borrower_reminded", "2026-02-14 loan.expired"]);
  });
});
