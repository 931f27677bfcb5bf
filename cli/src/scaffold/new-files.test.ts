// Which parts get a file, where, and when none is created.
import { describe, expect, it } from "vitest";
import { contractOf, runInMemory } from "./testing/index.fixture.js";

const initial = "initial: () => ({})";

describe("a part that no file declares", () => {
  const names = { commands: ["placeOrder"], events: ["orderPlaced"], queries: ["getOrder"] };
  const order = `import { Order } from "../../gen/shop/orders/v1/orders_cqrs.js";\nexport const order = Order.decider({ ${initial}, decide: { placeOrder: () => [] }, evolve: { orderPlaced: (s) => s } });\n`;

  it("gets a file beside the others, which imports as they do", async () => {
    const { files } = await runInMemory(contractOf(names), {
      "src/domain/order.ts": order,
      "src/main.ts": "export {};\n",
    });
    expect(files.map(({ path, reason }) => [path, reason])).toEqual([
      ["src/domain/order-queries.ts", "beside src/domain/order.ts"],
    ]);
    expect(files[0]?.text).toBe(`import { OrderService } from "../../gen/shop/orders/v1/orders_cqrs.js";

/** OrderService. */
export const orderQueries = OrderService.queries({
  getOrder: () => {
    throw new Error("OrderService.queries.getOrder is not written yet");
  },
});
`);
  });

  it("gets none if a file declares it under the module of earlier, and the place of the import is reported", async () => {
    const earlier = order.replace("orders/v1/orders_cqrs", "orders/v1/baskets_cqrs");
    const { files, edits, notes } = await runInMemory(contractOf({ ...names, queries: [] }), {
      "src/domain/order.ts": earlier,
    });
    expect([files.map(({ path }) => path), edits]).toEqual([["src/domain/order-queries.ts"], []]);
    expect(notes.map(({ kind, place, message }) => [kind, place?.path, message])).toEqual([
      [
        "lost",
        "src/domain/order.ts",
        "Order is generated in shop/orders/v1/orders_cqrs now, no longer in shop/orders/v1/baskets_cqrs: change the import",
      ],
    ]);
  });

  it("gets none if a file imports it from the folder in which generated code was, and others import from the new one", async () => {
    const earlier = order.replace("../../gen/", "../../generated/");
    const { files, edits, notes } = await runInMemory(contractOf(names), { "src/domain/order.ts": earlier });
    expect([files.map(({ path }) => path), edits]).toEqual([["src/domain/order-queries.ts"], []]);
    expect(files[0]?.text).toContain('import { OrderService } from "../../gen/shop/orders/v1/orders_cqrs.js";');
    expect(notes.map(({ kind, place, message }) => [kind, place?.path, message])).toEqual([
      [
        "lost",
        "src/domain/order.ts",
        "Order is generated in shop/orders/v1/orders_cqrs now, no longer in generated/shop/orders/v1/orders_cqrs: change the import",
      ],
    ]);
  });

  it("is imported by the alias that other files use", async () => {
    const aliased = order.replace("../../gen/", "#gen/").replace("_cqrs.js", "_cqrs");
    const { files, edits } = await runInMemory(contractOf(names), { "src/order.ts": aliased });
    expect(edits).toEqual([]);
    expect(files[0]?.text).toContain(`from "#gen/shop/orders/v1/orders_cqrs";`);
  });

  it("gets a name that no file has, and never replaces one", async () => {
    const { files } = await runInMemory(contractOf(names), {
      "src/domain/order.ts": order,
      "src/domain/order-queries.tsx": "export {};\n",
    });
    expect(files.map(({ path }) => path)).toEqual(["src/domain/order-queries-queries.ts"]);
  });

  it("gets a file in src of a project without code", async () => {
    const { files } = await runInMemory(contractOf({ commands: [], events: [] }), {});
    expect(files.map(({ path, reason }) => [path, reason])).toEqual([
      ["src/order.ts", "in src, since no file imports generated code yet"],
    ]);
  });

  it.each([
    "const { queries } = OrderService;",
    "declareAll(OrderService, { getOrder: () => undefined });",
    'OrderService["queries"];',
    "export const later = OrderService.queries;",
  ])("gets none while `%s` may declare it", async (line) => {
    const text = `import { Order, OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";\n${line}\n`;
    const { files, notes } = await runInMemory(contractOf({ queries: ["getOrder"] }), { "src/queries.ts": text });
    expect(files).toEqual([]);
    expect(notes.map(({ kind, place }) => [kind, place?.line])).toEqual([["unclear", 2]]);
  });

  it.each(["OrderService", "OrderService.methods.getOrder"])(
    "gets none while an app lists %s as unimplemented",
    async (listed) => {
      const text = `import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";\ncreateApp({ unimplemented: [${listed}] });\n`;
      const { files, notes } = await runInMemory(contractOf({ queries: ["getOrder"] }), { "src/app.ts": text });
      expect([...files, ...notes]).toEqual([]);
    },
  );

  it("gets one although a test declares it, a caller uses it, or another name shadows it", async () => {
    const use = `import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
export const get = (app: { query(method: unknown): void }) => app.query(OrderService.methods.getOrder);
export const other = (OrderService: { queries(of: object): void }) => OrderService.queries({ getOrder: 1 });
`;
    const { files } = await runInMemory(contractOf({ queries: ["getOrder"] }), {
      "src/order.test.ts": use.replaceAll(
        "app.query",
        "(OrderService.queries({ getOrder: () => undefined }), app.query)",
      ),
      "src/use.ts": use,
    });
    expect(files.map(({ path }) => path)).toEqual(["src/order-queries.ts"]);
  });

  it("is not found where an error of the compiler is expected", async () => {
    const text = `import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
// @ts-expect-error a query is missing
// on purpose
OrderService.queries({});
`;
    const { edits, files } = await runInMemory(contractOf({ queries: ["getOrder"] }), { "src/types.ts": text });
    expect([edits, files.map(({ path }) => path)]).toEqual([[], ["src/order-queries.ts"]]);
  });

  it("is found although an object spreads itself and files import each other in a circle", async () => {
    const { files, notes } = await runInMemory(contractOf({ queries: ["getOrder"] }), {
      "src/a.ts": `import { OrderService } from "./b.js";\nconst all = { ...all };\nOrderService.queries(all);\nexport { OrderService } from "./b.js";\n`,
      "src/b.ts": `export { OrderService } from "./a.js";\nexport * from "../gen/shop/orders/v1/orders_cqrs.js";\n`,
    });
    expect(files).toEqual([]);
    expect(notes.map(({ kind }) => kind)).toEqual(["hidden"]);
  });
});
