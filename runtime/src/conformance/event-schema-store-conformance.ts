import type { EventSchema, EventSchemaStore } from "../store/ports/index.js";
import { ExpectationError, expectEqual } from "../testing/expectations/index.js";
import { type ConformanceCase, defineCase, type OpenStore, type StoreUnderTest } from "./cases/index.js";

/** Returns the cases of the event schema port, for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function eventSchemasConformance(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (schemas: EventSchemaStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(schemasOf(under.store), under));
  return [
    on("keeps declarations of events and their descriptors for all processes", keeps),
    on("adds no declaration when others were added since", fences),
    on("lets one of several concurrent declarations be first", addsOnce),
    on("keeps types of any text apart", keepsText),
  ];
}

const placed: EventSchema = { type: "order.placed", schemaVersion: 1, message: "shop.v1.OrderPlaced", hash: "aa" };
const bytes = (...values: number[]) => new Uint8Array(values);
const print = (found: ReadonlyMap<string, Uint8Array>) =>
  [...found].map(([hash, data]) => [hash, [...data]]).sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));

async function keeps(schemas: EventSchemaStore, under: StoreUnderTest): Promise<void> {
  expectEqual("declarations before there are any", await schemas.list(), []);
  expectEqual("descriptors before there are any", print(await schemas.descriptors(["aa"])), []);
  const second = { ...placed, schemaVersion: 2, hash: "bb" };
  const data = new Map([
    ["aa", bytes(0, 1, 255)],
    ["bb", bytes()],
  ]);
  expectEqual("whether two were added", await schemas.add([second, placed], data, 0), true);
  const third = { ...placed, type: "order.cancelled" };
  expectEqual("whether one of known descriptors was", await schemas.add([third], new Map([["aa", bytes(9)]]), 2), true);
  for (const one of [schemas, schemasOf(await under.peer())]) {
    expectEqual("the declarations", await one.list(), [second, placed, third]);
    expectEqual("the descriptors", print(await one.descriptors(["bb", "cc", "aa"])), [
      ["aa", [0, 1, 255]],
      ["bb", []],
    ]);
  }
}

async function fences(schemas: EventSchemaStore): Promise<void> {
  await schemas.add([placed], new Map([["aa", bytes(1)]]), 0);
  const other = { ...placed, schemaVersion: 2, hash: "bb" };
  for (const known of [0, 2]) {
    expectEqual(`with ${known} known`, await schemas.add([other], new Map([["bb", bytes(2)]]), known), false);
  }
  expectEqual("the declarations", await schemas.list(), [placed]);
  expectEqual("the descriptors", print(await schemas.descriptors(["bb"])), []);
}

async function addsOnce(schemas: EventSchemaStore, under: StoreUnderTest): Promise<void> {
  const all = [schemas, schemasOf(await under.peer())];
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        const hash = `${round}-${i}`;
        const schema = { ...placed, schemaVersion: round + 1, hash };
        return (all[i % 2] as EventSchemaStore).add([schema], new Map([[hash, bytes(i)]]), round);
      }),
    );
    expectEqual("how many were first", answers.filter((added) => added).length, 1);
    const winner = `${round}-${answers.indexOf(true)}`;
    expectEqual("the declaration", (await schemas.list()).slice(round), [
      { ...placed, schemaVersion: round + 1, hash: winner },
    ]);
  }
}

async function keepsText(schemas: EventSchemaStore): Promise<void> {
  const types = ["", "\0", "\u0001", "a\0b", "'; --", "\u{1f600}", "\uffff", "__proto__", "Order"];
  const many = types.map((type) => ({ ...placed, type, message: type }));
  await schemas.add(many, new Map([["aa", bytes(1)]]), 0);
  expectEqual("the declarations", await schemas.list(), many);
}

function schemasOf({ schemas }: StoreUnderTest["store"]): EventSchemaStore {
  if (schemas === undefined)
    throw new ExpectationError("expected a store with declarations of events", undefined, "schemas");
  return schemas;
}
