// Mermaid reads the diagrams of generated pages, and finds the steps of the sagas in them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readStateDiagram } from "./mermaid.js";

const pages = join(import.meta.dirname, "../../fixtures/sagas/expected/es/fixture/sagas/v1");

/** Reads the diagrams of a page: labels of states, and the transitions between them. */
async function readPage(name: string) {
  const text = readFileSync(join(pages, `${name}_saga.md`), "utf8");
  const diagrams = [...text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(([, diagram = ""]) => diagram);
  return Promise.all(
    diagrams.map(async (diagram) => {
      const { states, transitions } = await readStateDiagram(diagram);
      const labels = new Map(states.map(({ id, label }) => [id, label === "" ? id : label]));
      const nameOf = (id: string) => labels.get(id) ?? id;
      return transitions.map(({ from, to, label }) => [nameOf(from), nameOf(to), label]);
    }),
  );
}

it("shows a saga whose steps run one after another", async () => {
  expect(await readPage("payment")).toEqual([
    [
      ["root_start", "charge: PaymentService.Charge", ""],
      ["charge: PaymentService.Charge", "settled: PaymentSettled", ""],
      ["settled: PaymentSettled", "root_end", ""],
      ["charge: PaymentService.Charge", "compensation", "failed"],
      ["settled: PaymentSettled", "compensation", "after 1 d"],
      ["compensation", "root_end", ""],
    ],
  ]);
});

it("shows the newest version with steps that run concurrently, guards and compensation", async () => {
  const [checkout] = await readPage("checkout");
  expect(checkout).toEqual([
    ["root_start", "fork_start", "OrderPlaced"],
    ["fork_start", "reserve: StockService.Reserve for each", ""],
    ["fork_start", "pay: Payment", ""],
    ["reserve: StockService.Reserve for each", "join_s2", ""],
    ["pay: Payment", "join_s2", ""],
    ["join_s2", "approval: OrderApproved", "[guard]"],
    ["approval: OrderApproved", "delivery_time: deliver_at", ""],
    ["delivery_time: deliver_at", "ship: ShippingService.Ship", ""],
    ["ship: ShippingService.Ship", "cooling_off: 14 d", "[guard]"],
    ["cooling_off: 14 d", "thanks: ShippingService.Notify", ""],
    ["thanks: ShippingService.Notify", "root_end", ""],
    ["reserve: StockService.Reserve for each", "compensation", "failed"],
    ["pay: Payment", "compensation", "failed"],
    ["ship: ShippingService.Ship", "compensation", "failed"],
    ["compensation", "root_end", ""],
  ]);
});
