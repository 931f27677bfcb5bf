import { createApp, memory } from "@potter/runtime";
import { PurchaseService } from "../../gen/purchasing/v1/purchasing_cqrs.js";
import { Purchasing } from "../../gen/purchasing/v1/purchasing_saga.js";
import { hasEnded, hasStep, sagaText, until } from "../saga-states.js";
import { purchase } from "./purchase.js";
import { purchasing } from "./purchasing.js";

/** Runs a small purchase, and large ones that a person approves and declines. */
export async function runPurchasing(print: (line: string) => void): Promise<void> {
  const app = createApp({ store: memory(), parts: [purchasing, purchase] });
  const sagas = app.saga(Purchasing);

  /** Requests a large purchase, and verifies it once the saga waits for that. */
  async function verify(purchaseId: string, approved: boolean): Promise<void> {
    await sagas.start({ purchaseId, amount: 200_000n });
    print(sagaText(await until(sagas.watch(purchaseId), hasStep("verify", "running"))));
    await app.send(PurchaseService.methods.verifyPurchase, { purchaseId, approved });
    print(sagaText(await until(sagas.watch(purchaseId), hasEnded)));
  }

  print("A purchase of 40.00: nobody has to verify it");
  print(sagaText(await sagas.run({ purchaseId: "pens", amount: 4_000n })));

  print("\nA purchase of 2,000.00 waits for a person, who approves it");
  await verify("laptop", true);

  print("\nA purchase of 2,000.00 waits for a person, who declines it");
  await verify("yacht", false);

  await app.stop();
}
