// Mermaid reads the diagram of `potter graph` in the README of the shop, and finds its parts and arrows in it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readFlowchart } from "./mermaid.js";

const readme = readFileSync(join(import.meta.dirname, "../../examples/shop/README.md"), "utf8");
const [, diagram = ""] = /^```mermaid\n(flowchart [\s\S]*?)^```$/m.exec(readme) ?? [];

it("shows the services, aggregates, events, read models and sagas of the shop", async () => {
  const { nodes, groups } = await readFlowchart(diagram);
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  expect(groups.map(({ label, nodes: ids }) => [label, ...ids.map((id) => labels.get(id))])).toContainEqual([
    "OrderService",
    ...["CancelOrder", "PlaceOrder", "ShipOrder"],
  ]);
  const byShape = (shape: string) => nodes.filter((node) => node.shape === shape).map(({ label }) => label);
  expect(byShape("subroutine")).toEqual(["Order", "StockItem"]);
  expect(byShape("cylinder")).toEqual(["OrderView", "StockView"]);
  expect(byShape("hexagon")).toEqual(["Checkout"]);
  expect(byShape("odd")).toContain("OrderPlaced");
});

it("shows the path of an event, and what a saga undoes", async () => {
  const { nodes, edges } = await readFlowchart(diagram);
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const arrows = edges.map(({ from, to, label }) => [labels.get(from), label, labels.get(to)].join(" > "));
  for (const arrow of ["PlaceOrder >  > Order", "Order >  > OrderPlaced", "OrderPlaced >  > OrderView"]) {
    expect(arrows).toContain(arrow);
  }
  expect(arrows).toContain("OrderView >  > WatchOrder (stream)");
  expect(arrows).toContain("Checkout > undo > CancelOrder");
});
