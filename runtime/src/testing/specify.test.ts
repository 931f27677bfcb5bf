import { describe, expect, it } from "vitest";
import { Account, createAccount, DepositedV1, deposit, open } from "../aggregate/account.fixture.js";
import { createApp } from "../app/index.js";
import type { CallOptions } from "../cqrs/index.js";
import type { PotterError } from "../errors/index.js";
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

  it.each<[string, { value: string }, "open" | "deposit", CallOptions | undefined, boolean]>([
    ["creates what there is already", { value: "a" }, "open", undefined, true],
    ["is for what was not created", { value: "a:5" }, "deposit", undefined, false],
    ["names no aggregate", { value: ":5" }, "deposit", undefined, false],
    ["believes in another version", { value: "a:5" }, "deposit", { expectedVersion: 7 }, true],
  ])("fails as the app does where a command %s", async (_, request, name, options, exists) => {
    const app = createApp({ parts: [account] });
    if (exists) await app.send(open, { value: "a" });
    const method = name === "open" ? open : deposit;
    const error = await app.send(method, request, options).then(
      () => expect.fail("the app took it"),
      (failure: PotterError) => failure,
    );
    const before = exists ? specify(account, options).given(opened) : specify(account, options);
    before.when[name](request).fails(error.code, { message: error.message, fields: [] });
    await app.stop();
  });

  it("fails with the code of a rejection too", () => {
    specify(account)
      .given(opened)
      .when.withdraw({ value: "a:5" })
      .fails("failed_precondition", { message: "overdrawn" })
      .rejects("overdrawn");
  });

  it("throws if a decided event cannot be stored", () => {
    const tooMuch = specify(account).given(opened).when;
    expect(() => tooMuch.deposit({ value: `a:${2 ** 31}` })).toThrow(
      "the event deposited cannot be encoded as google.protobuf.Int32Value",
    );
  });

  it("does not change the specification that it extends", () => {
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
    [
      "a failure where it succeeds",
      (s: typeof subject) => s.when.deposit({ value: "a:1" }).fails("not_found"),
      /expected a failure with not_found, the command emitted: .*deposited/,
    ],
    [
      "another failure",
      (s: typeof subject) => s.when.open({ value: "a" }).fails("not_found"),
      /expected the command to fail with: {"code":"not_found"}, found {"code":"already_exists"}/,
    ],
    [
      "a rejection where it is refused before the decider",
      (s: typeof subject) => s.when.withdraw({ value: ":1" }).rejects("overdrawn"),
      /expected a rejection overdrawn, the command was refused: {"fails":"invalid_argument"/,
    ],
  ])("fails on the expectation of %s", (_, check, message) => {
    expect(() => check(subject)).toThrow(message);
  });
});

const subject = specify(account).given(opened);
