import { describe, expect, it } from "vitest";
import { Account, createAccount, DepositedV1 } from "../aggregate/account.fixture.js";
import { specify } from "./specify.js";

const account = createAccount();
const opened = Account.event.opened({ value: "ada" });

describe("specify", () => {
  it("accepts what the decider does", () => {
    const rich = specify(account).given(opened, Account.event.deposited({ value: 10 }));
    rich.when
      .withdraw({ value: "a:4" })
      .emits(Account.event.withdrawn({ value: 4 }))
      .replies({ value: 6 });
    rich.when.withdraw({ value: "a:14" }).rejects("overdrawn", { value: 4 });
    rich.when.deposit({ value: "a:0" }).emitsNothing();
    expect(rich.state()).toBe(10);
  });

  it("replays superseded events as they were stored", () => {
    expect(specify(account).givenStored(DepositedV1, { value: "7" }).state()).toBe(7);
  });

  it("leaves the specification it came from as it was", () => {
    const empty = specify(account);
    empty.given(Account.event.deposited({ value: 10 }));
    expect(empty.state()).toBe(0);
  });

  it.each([
    [
      "another event",
      (s: typeof subject) => s.when.deposit({ value: "a:1" }).emits(Account.event.deposited({ value: 2 })),
      /expected the command to emit: .*"data":2.*, found .*"data":1/,
    ],
    [
      "no event",
      (s: typeof subject) => s.when.deposit({ value: "a:1" }).emitsNothing(),
      /expected the command to emit nothing: \[\], found/,
    ],
    [
      "a rejection",
      (s: typeof subject) => s.when.withdraw({ value: "a:0" }).rejects("overdrawn"),
      /expected a rejection overdrawn, the command emitted/,
    ],
    [
      "other details",
      (s: typeof subject) => s.when.withdraw({ value: "a:5" }).rejects("overdrawn", { value: 4 }),
      /"details":4.*found.*"details":5/,
    ],
    [
      "an event where it is rejected",
      (s: typeof subject) => s.when.withdraw({ value: "a:5" }).emits(Account.event.withdrawn({ value: 5 })),
      /found .*overdrawn/,
    ],
    [
      "another answer",
      (s: typeof subject) => s.when.deposit({ value: "a:1" }).replies({ value: 2 }),
      /expected the answer: 2, found 1/,
    ],
    [
      "an answer where it is rejected",
      (s: typeof subject) => s.when.withdraw({ value: "a:5" }).replies({ value: 0 }),
      /expected an answer, the command was rejected/,
    ],
  ])("fails on the expectation of %s", (_, check, message) => {
    expect(() => check(subject)).toThrow(message);
  });
});

const subject = specify(account).given(opened);
