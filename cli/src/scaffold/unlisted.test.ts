// Parts that are declared and that no app has.
import { expect, it } from "vitest";
import { contractOf, runInMemory } from "./testing/index.fixture.js";

const contract = contractOf({ commands: ["place"], events: ["placed"] });
const order = `import { Order } from "../gen/shop/orders/v1/orders_cqrs.js";
export const order = Order.decider({ initial: () => ({}), decide: { place: () => [] }, evolve: { placed: () => ({}) } });
`;
const app = (parts: string, imports = ""): string =>
  `import { createApp } from "@potter/runtime";\n${imports}export const app = createApp({ parts: [${parts}] });\n`;

async function notesOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { notes } = await runInMemory(contract, { "src/order.ts": order, ...files });
  return notes.map(({ kind, place, message }) => `${place?.path}:${place?.line}:${place?.column}: ${kind}: ${message}`);
}

const unlisted =
  "src/order.ts:2:14: unlisted: no code uses order, so no app has the Order.decider: add it to the parts of createApp in src/app.ts";

it.each<[string, Record<string, string>]>([
  ["nothing imports its file", { "src/app.ts": app("") }],
  ["only a test imports it", { "src/app.ts": app(""), "src/order.test.ts": 'import { order } from "./order.js";\n' }],
  ["another name of its file is imported", { "src/app.ts": app("", 'import type { Other } from "./order.js";\n') }],
  [
    "it is re-exported, and its new name is not imported",
    {
      "src/parts.ts": 'export { order as orderPart } from "./order.js";\nexport const other = 1;\n',
      "src/app.ts": app("", 'import { other } from "./parts.js";\n'),
    },
  ],
  ["only a type is made of it", { "src/order.ts": `${order}export type O = typeof order;\n`, "src/app.ts": app("") }],
])("a part is noted if %s", async (_, files) => {
  expect(await notesOf(files)).toEqual([unlisted]);
});

it("the file of the app is named only if there is one app", async () => {
  const files = { "src/app.ts": app(""), "src/worker.ts": app(""), "src/app.test.ts": app("") };
  expect(await notesOf(files)).toEqual([unlisted.replace(" in src/app.ts", "")]);
});

it("a part that is not exported is noted with what to do", async () => {
  const files = { "src/order.ts": order.replace("export const", "const"), "src/app.ts": app("") };
  expect(await notesOf(files)).toEqual([
    "src/order.ts:2:7: unlisted: no code uses order, so no app has the Order.decider: export it, and add it to the parts of createApp in src/app.ts",
  ]);
});

it.each<[string, Record<string, string>]>([
  ["it is imported", { "src/app.ts": app("order", 'import { order } from "./order.js";\n') }],
  ["it is imported under another name", { "src/app.ts": app("o", 'import {\n  order as o,\n} from "./order.js";\n') }],
  ["its module is imported", { "src/app.ts": app("...Object.values(all)", 'import * as all from "./order.js";\n') }],
  ["it is imported later", { "src/app.ts": app('(await import("./order.js")).order') }],
  ["it is imported by an alias", { "src/app.ts": app("order", 'import { order } from "#app/order.js";\n') }],
  [
    "it is imported through re-exports",
    {
      "src/parts/index.ts": 'export * from "./all.js";\n',
      "src/parts/all.ts": 'export { order as placed } from "../order.js";\n',
      "src/app.ts": app("placed", 'import { placed } from "./parts/index.js";\n'),
    },
  ],
  ["another package can import it", { "src/index.ts": 'export { order } from "./order.js";\n', "src/app.ts": app("") }],
  ["its own file uses it", { "src/order.ts": `${order}export const parts = { order };\n`, "src/app.ts": app("") }],
  [
    "it is declared where it is used",
    {
      "src/order.ts": "",
      "src/app.ts": app(order.slice(order.indexOf("Order.d")).trim().replace(/;$/, ""), order.split("\n")[0]),
    },
  ],
  ["there is no app", {}],
  ["files are loaded by their names", { "src/app.ts": app("...parts", "const parts = await load(import(path));\n") }],
])("a part is not noted if %s", async (_, files) => {
  expect(await notesOf(files)).toEqual([]);
});
