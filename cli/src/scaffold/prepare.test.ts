// What is inserted, where, and what is only reported: by texts.
import { describe, expect, it } from "vitest";
import { contractOf, runInMemory } from "./testing/index.fixture.js";

const contract = contractOf({ commands: ["placeOrder", "shipOrder"], events: ["orderPlaced"] });
const importOrder = `import { Order } from "../gen/shop/orders/v1/orders_cqrs.js";\n`;

/** Runs on one file whose decider has these properties after `initial`. */
async function decider(rest: string, before = "", options = {}): Promise<{ text: string; notes: readonly string[] }> {
  const head = `${importOrder}${before}export const order = Order.decider(`;
  const old = `${head}${rest});\n`;
  const { texts, notes, files } = await runInMemory(contract, { "src/order.ts": old }, options);
  expect(files).toEqual([]);
  const text = texts.get("src/order.ts") ?? "";
  expect(text.startsWith(importOrder)).toBe(true);
  return {
    text: text.slice(importOrder.length),
    notes: notes.map(({ kind, place, message }) => `${place?.line}:${place?.column} ${kind}: ${message}`),
  };
}

const full = "{ placeOrder: () => [], shipOrder: () => [] }";
const initial = "initial: () => ({})";

describe("a stub", () => {
  it("is inserted in the style of its neighbours", async () => {
    const { text } = await decider(
      "{\r\n\tinitial: () => ({ a: '' }),\r\n\tdecide: {\r\n\t\tplaceOrder: () => [],\r\n\t},\r\n\tevolve: { orderPlaced: s => s }\r\n}",
    );
    expect(text).toBe(
      "export const order = Order.decider({\r\n\tinitial: () => ({ a: '' }),\r\n\tdecide: {\r\n\t\tplaceOrder: () => [],\r\n" +
        '\t\tshipOrder: () => {\r\n\t\t\tthrow new Error("Order.decide.shipOrder is not written yet");\r\n\t\t},\r\n' +
        "\t},\r\n\tevolve: { orderPlaced: s => s }\r\n});\n",
    );
  });

  it("has the quotes, semicolons and trailing commas of the file, whatever the configuration says", async () => {
    const files = {
      "src/order.ts": `import { Order } from '../gen/shop/orders/v1/orders_cqrs.js'\nexport const order = Order.decider({\n    initial: () => 'new',\n    decide: {\n        placeOrder: () => []\n    },\n    evolve: { orderPlaced: s => s }\n})\n`,
    };
    const { texts } = await runInMemory(contract, files, { semi: true, singleQuote: false, tabWidth: 2 });
    expect(texts.get("src/order.ts")).toContain(
      `        placeOrder: () => [],\n        shipOrder: () => {\n            throw new Error('Order.decide.shipOrder is not written yet')\n        }\n    },\n`,
    );
  });

  it("follows a comment line after the last comma, where ts-morph writes `,,` (dsherret/ts-morph#1570)", async () => {
    const { text } = await decider(`{
  ${initial},
  decide: {
    placeOrder: () => [],
    // later: refunds
  },
  evolve: { orderPlaced: (s) => s },
}`);
    expect(text).toContain(`    // later: refunds
    shipOrder: () => {
      throw new Error("Order.decide.shipOrder is not written yet");
    },
  },`);
  });

  it("keeps a trailing comment with its property when it adds a comma", async () => {
    const { text } = await decider(`{ ${initial}, evolve: { orderPlaced: (s) => s }, decide: {
    placeOrder: () => [] // for now, }
  } }`);
    expect(text).toContain("    placeOrder: () => [], // for now, }\n    shipOrder: () => {\n");
  });

  it("stays on the line of a one-line object", async () => {
    const { text } = await decider(
      `{ ${initial}, decide: { placeOrder: () => [] }, evolve: { orderPlaced: (s) => s } }`,
    );
    expect(text).toContain(
      `decide: { placeOrder: () => [], shipOrder: () => { throw new Error("Order.decide.shipOrder is not written yet"); } }, evolve`,
    );
  });

  it("fills an empty object", async () => {
    const { text } = await decider(`{\n  ${initial},\n  decide: {},\n  evolve: { orderPlaced: (s) => s },\n}`);
    expect(text).toContain("  decide: {\n    placeOrder: () => {\n      throw");
    expect(text).toContain("    },\n  },\n  evolve");
  });

  it("adds a whole slot", async () => {
    const { text } = await decider(`{\n  ${initial},\n  decide: ${full},\n}`);
    expect(text).toContain("  evolve: {\n    orderPlaced: () => {\n      throw");
  });

  it("goes into the constant that is passed, through satisfies, as and parentheses", async () => {
    const { text, notes } = await decider(
      `({ ${initial}, decide: (decide), evolve: { orderPlaced: (s) => s } } as const)`,
      "const decide = {\n  placeOrder: () => [],\n} satisfies object;\n",
    );
    expect(text).toContain("const decide = {\n  placeOrder: () => [],\n  shipOrder: () => {\n");
    expect(notes).toEqual([]);
  });

  it("goes into another file that exports the object, also through a re-export", async () => {
    const { texts, edits } = await runInMemory(contract, {
      "src/order.ts": `${importOrder}import { decide } from "./all.js";\nexport const order = Order.decider({ ${initial}, decide, evolve: { orderPlaced: (s) => s } });\n`,
      "src/all.ts": `export { commands as decide } from "./commands.js";\n`,
      "src/commands.ts": "export const commands = {\n  placeOrder: () => [],\n};\n",
    });
    expect(edits.map(({ path }) => path)).toEqual(["src/commands.ts"]);
    expect(texts.get("src/commands.ts")).toContain("  shipOrder: () => {");
  });

  it("is not inserted where a visible spread has the key, and a key of the spread stays the earlier one", async () => {
    const { text } = await decider(
      `{ ${initial}, decide: { ...shared, placeOrder: () => [] }, evolve: { orderPlaced: (s) => s } }`,
      "const shared = { shipOrder: () => [] };\n",
    );
    expect(text).not.toContain("not written yet");
  });

  it("leaves imports of several lines as they are (nestjs/nest#2890)", async () => {
    const imports = `import {\n    Order, // the aggregate\n    type OrderTypes\n} from "../gen/shop/orders/v1/orders_cqrs.js"\n`;
    const old = `${imports}\nexport const order = Order.decider({ ${initial}, decide: {}, evolve: { orderPlaced: (s) => s } })\n`;
    const { texts } = await runInMemory(contract, { "src/order.ts": old });
    expect(texts.get("src/order.ts")?.startsWith(imports)).toBe(true);
  });

  it("reformats nothing else (nrwl/nx#11965)", async () => {
    const odd = `export   const odd=[1,\n2 ,3 ] ;;\n`;
    const { text } = await decider(
      `{${initial}, decide:{placeOrder:()=>[]},   evolve: { orderPlaced: (s) => s } }`,
      odd,
    );
    expect(text).toBe(
      `${odd}export const order = Order.decider({${initial}, decide:{placeOrder:()=>[], shipOrder: () => { throw new Error("Order.decide.shipOrder is not written yet"); }},   evolve: { orderPlaced: (s) => s } });\n`,
    );
  });
});

describe("a place that cannot be seen through is reported with what to paste, and not edited", () => {
  const evolve = "evolve: { orderPlaced: (s) => s }";

  it.each([
    ["a call", `{ ${initial}, decide: build(), ${evolve} }`, "build(…) is a call"],
    ["an unknown spread", `{ ${initial}, decide: { ...build() }, ${evolve} }`, "the spread ...build() hides keys"],
    ["a conditional", `{ ${initial}, decide: flag ? {} : {}, ${evolve} }`, "the value is conditional"],
    [
      "a variable",
      `{ ${initial}, decide: changing, ${evolve} }`,
      "changing is not an object literal that can be followed",
    ],
    ["a computed name", `{ ${initial}, decide: { [flag]: 1 }, ${evolve} }`, "a computed name hides keys"],
  ])("%s (nestjs/nest-cli#37, nestjs/schematics#41)", async (_, argument, reason) => {
    const before = "declare const build: () => object;\ndeclare const flag: string;\nlet changing = {};\n";
    const { text, notes } = await decider(argument, before);
    expect(text).not.toContain("not written yet");
    expect(notes).toEqual([
      expect.stringMatching(
        /^5:\d+ hidden: .*so nothing is inserted into Order.decide: it needs placeOrder, shipOrder$/,
      ),
    ]);
    expect(notes[0]).toContain(reason);
  });

  it("an object that two parts share", async () => {
    const two = contractOf({ commands: [], events: ["orderPlaced"], viewEvents: ["orderPlaced", "orderShipped"] });
    const { edits, notes } = await runInMemory(two, {
      "src/order.ts": `import { Order, OrderView } from "../gen/shop/orders/v1/orders_cqrs.js";
const on = {};
Order.decider({ ${initial}, decide: {}, evolve: on });
OrderView.projection({ on });
`,
    });
    expect(edits).toEqual([]);
    expect(new Set(notes.map(({ message }) => message.split(",")[0]))).toEqual(
      new Set(["several parts share this object"]),
    );
    expect(notes.flatMap(({ paste }) => paste.map(([key]) => key))).toEqual([
      "orderPlaced",
      "orderPlaced",
      "orderShipped",
    ]);
  });

  it("a file that does not parse", async () => {
    const { edits, files, notes } = await runInMemory(contract, {
      "src/order.ts": `${importOrder}Order.decider({ decide: { \n`,
    });
    expect([...edits, ...files]).toEqual([]);
    expect(notes.map(({ place, message }) => `${place?.path}:${place?.line} ${message}`)).toEqual([
      "src/order.ts:3 does not parse, so it is not changed: '}' expected.",
    ]);
  });
});

describe("what the contract has lost", () => {
  it("is reported with its place and stays", async () => {
    const { text, notes } = await decider(`{ ${initial}, decide: { placeOrder: () => [], shipOrder: () => [],
  refundOrder: () => [] }, evolve: { orderPlaced: (s) => s } }`);
    expect(text).toContain("refundOrder: () => []");
    expect(notes).toEqual([
      "3:3 lost: Order.decide.refundOrder is not in the contract: remove it, or restore it in the contract",
    ]);
  });

  it("is said to be renamed where one key goes and one comes", async () => {
    const { text, notes } = await decider(
      `{ ${initial}, decide: { placeOrder: () => [], sendOrder: () => [] }, evolve: { orderPlaced: (s) => s } }`,
    );
    expect(text).toContain("sendOrder: () => [], shipOrder: () => { throw");
    expect(notes).toEqual([
      expect.stringContaining("if shipOrder is its new name, move the code there and remove sendOrder"),
    ]);
  });

  it("is a whole definition", async () => {
    const { notes } = await runInMemory(contractOf({}), {
      "src/order.ts": `${importOrder}Order.decider({ ${initial}, decide: {}, evolve: {} });\n`,
    });
    expect(notes.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`)).toEqual([
      "2:1 Order is not in the contract (shop/orders/v1/orders_cqrs): remove this code, or restore or rename Order in the contract",
    ]);
  });
});
