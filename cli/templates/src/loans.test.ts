import { specifySaga } from "@potter/runtime/testing";
import { test } from "vitest";
import { Loan } from "../gen/library/v1/loans_saga.js";
import { loan } from "./loans.js";

const day = 86_400_000;

test("a member is reminded after 30 days", () => {
  const lent = specifySaga(Loan, loan).startsBy({ bookId: "emma", memberId: "ada" });
  lent.passes(29 * day).sendsNothing();
  lent.passes(30 * day).sends("remind", { bookId: "emma", memberId: "ada" });
});
