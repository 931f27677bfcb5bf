import { createApp, memory } from "@potter/runtime";
import { specify, specifySaga } from "@potter/runtime/testing";
import { describe, expect, it } from "vitest";
import { Purchase, PurchaseService } from "../../gen/purchasing/v1/purchasing_cqrs.js";
import { Purchasing } from "../../gen/purchasing/v1/purchasing_saga.js";
import { hasEnded, hasStep, until } from "../saga-states.js";
import { purchase } from "./purchase.js";
import { purchasing } from "./purchasing.js";

const small = { purchaseId: "1", amount: 100_000n };
const large = { purchaseId: "1", amount: 100_001n };

describe("a purchase, specified", () => {
  const requesting = specifySaga(Purchasing, purchasing);

  it("is ordered without a verification if it is small", () => {
    requesting
      .starts(small)
      .responds("request", {})
      .hasStep("verify", "skipped")
      .sends("order", { purchaseId: "1" })
      .responds("order", {})
      .hasStatus("completed");
  });

  const verifying = requesting.starts(large).responds("request", {}).hasStep("verify", "running").sendsNothing();

  it("waits for a person if it is large", () => {
    verifying.receives("verify", { purchaseId: "1", approved: true }).sends("order", { purchaseId: "1" });
  });

  it("is cancelled if nobody verifies it within two days", () => {
    verifying
      .passes(2 * 86_400_000)
      .compensates("request")
      .compensated("request")
      .hasStatus("compensated");
  });

  it("is not ordered, if it is large, until it is approved", () => {
    const { event } = Purchase;
    const requested = event.purchaseRequested(large);
    const ordering = specify(purchase);
    ordering.given(requested).when.orderPurchase({ purchaseId: "1" }).rejects("purchaseNotApproved");
    ordering
      .given(requested, event.purchaseVerified({ purchaseId: "1", approved: false }))
      .when.orderPurchase({ purchaseId: "1" })
      .rejects("purchaseNotApproved");
  });
});

describe("a purchase, run", () => {
  async function run(data: typeof small, approved?: boolean) {
    const app = createApp({ store: memory(), parts: [purchasing, purchase] });
    const sagas = app.saga(Purchasing);
    const { id } = await sagas.start(data);
    if (approved !== undefined) {
      await until(sagas.watch(id), hasStep("verify", "running"));
      await app.send(PurchaseService.methods.verifyPurchase, { purchaseId: id, approved });
    }
    const { status, steps } = await until(sagas.watch(id), hasEnded);
    const events = (await app.history(Purchase, id)).map(({ type }) => type);
    await app.stop();
    return { status, steps: steps.map((step) => step.status), events };
  }

  it("skips the verification of a small one", async () => {
    expect(await run(small)).toEqual({
      status: "completed",
      steps: ["done", "skipped", "done"],
      events: ["purchase.requested", "purchase.ordered"],
    });
  });

  it("orders a large one that a person approves", async () => {
    expect(await run(large, true)).toEqual({
      status: "completed",
      steps: ["done", "done", "done"],
      events: ["purchase.requested", "purchase.verified", "purchase.ordered"],
    });
  });

  it("cancels a large one that a person declines", async () => {
    expect(await run(large, false)).toEqual({
      status: "compensated",
      steps: ["undone", "done", "failed"],
      events: ["purchase.requested", "purchase.verified", "purchase.cancelled"],
    });
  });
});
