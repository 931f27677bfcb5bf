// The scaffold on a disk, for contracts that buf compiles: bytes, modes, links, configurations, failures, and the compiler.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { analyse, type Model } from "@potter/generator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileProto, emitCqrs, emitMessages, emitSagas, Project } from "../../../generator/src/testing/index.js";
import { replaceFile } from "../files/index.js";
import { printReport, toJson } from "./print-report.js";
import { type ScaffoldOptions, scaffold } from "./scaffold.js";
import type { ScaffoldResult } from "./scaffold-result.js";

/** A contract with all kinds of parts. `more`: with a further rpc, event, step and projected event. */
function contractText(more: boolean): string {
  const added = (text: string): string => (more ? text : "");
  return `syntax = "proto3";
package shop.v1;
import "potter/v1/options.proto";

service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" creates: true emits: "OrderPlaced"};
  }
  ${added(`rpc ShipOrder(ShipOrderRequest) returns (ShipOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" emits: "OrderShipped"};
  }`)}
  rpc Charge(ChargeRequest) returns (ChargeResponse) {
    option (potter.v1.command) = {};
  }
  ${added("rpc Refund(ChargeRequest) returns (ChargeResponse) { option (potter.v1.command) = {}; }")}
  rpc GetOrder(GetOrderRequest) returns (OrderView) { option (potter.v1.query) = {}; }
  ${added("rpc WatchOrders(GetOrderRequest) returns (stream OrderView) { option (potter.v1.query) = {}; }")}
}
message PlaceOrderRequest { string order_id = 1; }
message PlaceOrderResponse { string order_id = 1; }
message ShipOrderRequest { string order_id = 1; }
message ShipOrderResponse { string tracking = 1; }
message ChargeRequest { string order_id = 1; }
message ChargeResponse { string payment_id = 1; }
message GetOrderRequest { string order_id = 1; }
message Order {
  option (potter.v1.aggregate) = {${added("snapshot_every: 100")}};
  string order_id = 1 [(potter.v1.field).id = true];
}
message OrderPlaced { option (potter.v1.event) = {}; string order_id = 1; }
${added("message OrderShipped { option (potter.v1.event) = {}; string order_id = 1; }")}
message OrderView {
  option (potter.v1.read_model) = {from: "OrderPlaced" ${added('from: "OrderShipped"')}};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Checkout {
  option (potter.v1.saga) = {
    step: {name: "place" command: "OrderService.PlaceOrder" no_compensation: true}
    ${added(`step: {name: "charge" command: "OrderService.Charge" compensation: "OrderService.Refund" when: true after: "place"}`)}
  };
  string order_id = 1 [(potter.v1.field).id = true];
}
`;
}

function requestOf(more: boolean) {
  return compileProto({ "shop/v1/shop.proto": contractText(more) });
}

function modelOf(more: boolean): Model {
  const { model, diagnostics } = analyse(requestOf(more));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return model;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "potter scaffold ü "));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const read = (path: string): string => readFileSync(join(root, path), "utf8");

function run(more: boolean, options: Partial<ScaffoldOptions> = {}): Promise<ScaffoldResult> {
  const outputs = { cqrs: "gen", saga: "gen" };
  return scaffold({ root, models: [modelOf(more)], outputs, importExtension: "js", ...options });
}

const order = `import { Order } from "../gen/shop/v1/shop_cqrs.js";

export const order = Order.decider({
  initial: () => ({ placed: false }),
  decide: {
    placeOrder: (state, command) => (state.placed ? [] : Order.event.orderPlaced({ orderId: command.orderId })),
  },
  evolve: { orderPlaced: (state) => ({ ...state, placed: true }) },
});
`;

describe("a project", () => {
  it("gets its files, then stubs for what is new, and compiles with the generated code at the strictest settings", async () => {
    write("src/order.ts", order);
    const first = await run(false);
    expect(first.created.map(({ path }) => path)).toEqual([
      "src/order-view.ts",
      "src/order-commands.ts",
      "src/order-queries.ts",
      "src/checkout.ts",
    ]);
    expect(first.changed).toEqual([]);
    const files = (): Record<string, string> =>
      Object.fromEntries(readdirSync(join(root, "src")).map((name) => [`src/${name}`, read(`src/${name}`)]));
    const before = files();
    const second = await run(true);
    expect(second.created).toEqual([]);
    expect(second.notes).toEqual([]);
    expect(second.changed.flatMap(({ keys }) => keys.map(({ name }) => name)).sort()).toEqual([
      "Checkout.steps.charge",
      "Order.decide.shipOrder",
      "Order.evolve.orderShipped",
      "Order.reply",
      "Order.snapshot",
      "OrderService.refund",
      "OrderService.watchOrders",
      "OrderView.on.orderShipped",
    ]);
    const third = await run(true, { dryRun: true });
    expect([third.changed, third.created, third.diff]).toEqual([[], [], ""]);
    const scaffolded = Object.entries(before).map(([path, text]) => [`before/${path}`, text]);
    const request = requestOf(true);
    const generated = { ...emitMessages(request, "es"), ...emitCqrs(request, "es"), ...emitSagas(request, "es") };
    const old = requestOf(false);
    const generatedBefore = { ...emitMessages(old, "es"), ...emitCqrs(old, "es"), ...emitSagas(old, "es") };
    const under = (folder: string, texts: Readonly<Record<string, string>>): [string, string][] =>
      Object.entries(texts)
        .filter(([path]) => path.endsWith(".ts"))
        .map(([path, text]) => [`${folder}/${path}`, text]);
    const project = new Project(
      Object.fromEntries([
        ...under("gen", generated),
        ...under("before/gen", generatedBefore),
        ...scaffolded,
        ...Object.entries(files()),
      ]),
    );
    try {
      expect(project.typeCheck()).toBe("");
    } finally {
      project.remove();
    }
  });

  it("is only looked at in a dry run, which prints a diff", async () => {
    write("src/order.ts", order);
    const { diff, created } = await run(true, { dryRun: true });
    expect(read("src/order.ts")).toBe(order);
    expect(readdirSync(join(root, "src"))).toEqual(["order.ts"]);
    expect(created).toHaveLength(4);
    expect(diff).toContain(`--- a/src/order.ts
+++ b/src/order.ts
@@ -4,6 +4,23 @@
   initial: () => ({ placed: false }),
   decide: {
     placeOrder: (state, command) => (state.placed ? [] : Order.event.orderPlaced({ orderId: command.orderId })),
+    shipOrder: () => {
+      throw new Error("Order.decide.shipOrder is not written yet");
+    },
   },
-  evolve: { orderPlaced`);
    spawnSync("git", ["apply", "--unsafe-paths", "-"], { cwd: root, input: diff });
    expect((await run(true, { dryRun: true })).diff).toBe("");
  });

  it("keeps the byte order mark, the mode and the link of a file", async () => {
    write("src/real.ts", `\u{feff}${order.replaceAll("\n", "\r\n")}`);
    chmodSync(join(root, "src/real.ts"), 0o640);
    write("lib/keep", "");
    symlinkSync(join(root, "src/real.ts"), join(root, "lib/order.ts"));
    await run(true);
    const text = read("src/real.ts");
    expect(text.startsWith(`\u{feff}import`)).toBe(true);
    expect(text).toContain("shipOrder: () => {\r\n");
    expect(/(?<!\r)\n/.test(text)).toBe(false);
    expect(statSync(join(root, "src/real.ts")).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(root, "lib/order.ts")).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(root, "src")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("is not changed where a file cannot be read as text, and gets no files then", async () => {
    write("src/order.ts", Uint8Array.from([0xff, 0xfe, 0x41]));
    const { created, notes } = await run(false);
    expect(created).toEqual([]);
    expect(notes.map(({ kind, message }) => `${kind}: ${message}`)).toContain(
      "unreadable: cannot be read: it is not UTF-8",
    );
  });

  it.skipIf(process.getuid?.() === 0)("reports a folder that cannot be written, with what to paste", async () => {
    write("src/order.ts", order);
    chmodSync(join(root, "src"), 0o555);
    const result = await run(true);
    chmodSync(join(root, "src"), 0o755);
    expect(read("src/order.ts")).toBe(order);
    expect(result.changed).toEqual([]);
    expect(await printReport(result, false)).toContain(
      "not inserted: no permission to write in this folder\n    shipOrder: () => {\n",
    );
  });

  it("reports a file that cannot be created, with what to paste", async () => {
    write("src/order.ts", order);
    const result = await run(false, { into: "src/order.ts/parts" });
    expect([result.created, read("src/order.ts")]).toEqual([[], order]);
    const report = await printReport(result, false);
    expect(report).toMatch(/^src\/order.ts\/parts\/checkout.ts: refused: not created for the saga Checkout: /m);
    expect(report).toContain("    checkout: {\n      steps: {\n");
  });

  it("is cleared of temporary files of runs that were killed, and of no others", async () => {
    write("src/order.ts", order);
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const pid of [ended, process.pid]) write(`src/.order.ts.potter-${pid}-abc.tmp`, "half");
    await run(true);
    const left = readdirSync(join(root, "src")).filter((name) => name.endsWith(".tmp"));
    expect(left).toEqual([`.order.ts.potter-${process.pid}-abc.tmp`]);
  });

  it("is not written to if a file has changed since it was read", async () => {
    write("src/order.ts", order);
    const result = await replaceFile(join(root, "src/order.ts"), Buffer.from("old"), Buffer.from("new"));
    expect(result).toEqual({ reason: "the file has changed since it was read: run this again" });
    expect(read("src/order.ts")).toBe(order);
    expect(readdirSync(join(root, "src"))).toEqual(["order.ts"]);
  });

  it("has stubs printed as its prettier configuration says, with new files as a whole", async () => {
    write(
      ".prettierrc",
      JSON.stringify({ semi: false, singleQuote: true, tabWidth: 4, plugins: ["prettier-plugin-none"] }),
    );
    await run(false, { into: "app/parts" });
    expect(read("app/parts/checkout.ts")).toContain(
      `import { Checkout } from '../../gen/shop/v1/shop_saga.js'\n\n/** What the steps`,
    );
    expect(read("app/parts/checkout.ts")).toContain("        place: {\n            command: () => {\n");
  });

  it("has stubs printed as its biome.json says", async () => {
    write(
      "biome.jsonc",
      '{ // tabs by default\n "javascript": { "formatter": { "quoteStyle": "single", "semicolons": "asNeeded" } }, }',
    );
    await run(false);
    expect(read("src/checkout.ts")).toContain(
      "\t\tplace: {\n\t\t\tcommand: () => {\n\t\t\t\tthrow new Error('Checkout.place.command is",
    );
  });

  it("may have its code and the generated code in one folder", async () => {
    const request = requestOf(false);
    for (const [path, text] of Object.entries({ ...emitCqrs(request, "es"), ...emitSagas(request, "es") })) {
      write(`src/${path}`, text);
    }
    write("src/shop/v1/order.ts", order.replace("../gen/shop/v1/", "./"));
    const { created, changed } = await run(true, { outputs: { cqrs: "src", saga: "src" } });
    expect(changed.map(({ path }) => path)).toEqual(["src/shop/v1/order.ts"]);
    expect(created.map(({ path }) => path)).toContain("src/shop/v1/checkout.ts");
    expect(read("src/shop/v1/checkout.ts")).toContain('from "./shop_saga.js"');
  });

  it("is reported with what to paste into hidden places only if all is asked for", async () => {
    write("src/order.ts", `${order}\nexport const second = Order.decider(build());\n`);
    const result = await run(false);
    const line =
      "src/order.ts:11:37: hidden: build(…) is a call, so nothing is inserted into Order: it needs initial, decide, evolve\n";
    expect((await printReport(result, false)).split("\n").filter((one) => one.includes("hidden"))).toEqual([
      line.trim(),
    ]);
    expect(await printReport(result, false)).not.toContain("    decide: {");
    expect(await printReport(result, true)).toContain(
      `${line}    initial: () => ({ exists: false }),\n    decide: {\n`,
    );
    expect(toJson(result)).toMatchObject({ inserted: [], notes: [{ kind: "hidden", path: "src/order.ts", line: 11 }] });
  });

  it("is reported line by line", async () => {
    write("src/order.ts", `${order}\nexport const old = Order.projection({ on: {} });\n`);
    const report = await printReport(await run(true), false);
    expect(report).toContain("src/order.ts:7: inserted Order.decide.shipOrder\n");
    expect(report).toContain(
      "src/checkout.ts: created for the saga Checkout, beside src/order.ts; add checkout to the parts of createApp\n",
    );
    expect(report).toContain(
      "lost: Order.projection(…) has nothing to declare: the contract has no projection of Order; remove it\n",
    );
  });
});
