import { callerCatalogue } from "./caller-catalogue.js";
import { entriesOf, type FindingEntry } from "./entry.js";
import { storageCatalogue } from "./storage-catalogue.js";

const acceptances = entriesOf("acceptances");
const lock = entriesOf("lock");
const generated = entriesOf("generated");
const scaffold = entriesOf("scaffold");

/** What `potter check` finds without an earlier contract. */
const presentCatalogue = {
  "lock-name-lost": lock.breaking({
    summary: "The contract no longer has a name of potter.lock",
    example: ["event order.placed@1", "event order.placed@1"],
    message: (name: string) => `the locked ${name} is lost`,
    effect: "stored events, running sagas, or clients that use the name fail",
    remedy: "restore it, or remove it from the lock: npx potter lock --accept",
  }),
  "lock-name-missing": lock.dangerous({
    summary: "The file potter.lock does not record a name of the contract",
    example: ["event order.shipped@1", "event order.shipped@1"],
    message: (name: string) => `the ${name} is not in potter.lock`,
    effect: "no comparison with the lock notices when the contract loses it",
    remedy: "record it: npx potter lock",
  }),
  "generated-stale": generated.breaking({
    summary: "A generated file is not what the contract generates",
    example: ["gen/shop/orders_cqrs.ts", "gen/shop/orders_cqrs.ts"],
    message: (file: string) => `${file} is not what the contract generates`,
    effect: "the service is compiled from an earlier contract, or from an edit that the next run removes",
    remedy: "npx potter generate",
  }),
  "generated-missing": generated.breaking({
    summary: "A generated file is missing",
    example: ["gen/shop/orders_cqrs.ts", "gen/shop/orders_cqrs.ts"],
    message: (file: string) => `${file} is missing`,
    effect: "code that imports it does not compile; readers of documents do not find it",
    remedy: "npx potter generate",
  }),
  "generated-extra": generated.breaking({
    summary: "A generated file is generated no longer",
    example: ["gen/shop/orders_cqrs.ts", "gen/shop/orders_cqrs.ts"],
    message: (file: string) => `${file} is generated no longer`,
    effect: "code can still import what the contract no longer has",
    remedy: "npx potter generate deletes it, unless it was changed by hand: then delete it",
  }),
} as const;

/** What users' files lack. The scaffold says what and where. */
const scaffoldCatalogue = {
  "scaffold-missing": scaffold.breaking({
    summary: "Your code lacks a handler, an event or a step of the contract",
    example: ["Order.decide.shipOrder", "Order.decide.shipOrder is missing"],
    message: (gap: string) => gap,
    effect: "the code does not compile; without type checking, the app does not start",
    remedy: "insert a stub and write it: npx potter scaffold",
  }),
  "scaffold-undeclared": scaffold.breaking({
    summary: "No file declares a part of the contract",
    example: ["Order.decider", "no file declares the aggregate Order: nothing calls Order.decider(…)"],
    message: (gap: string) => gap,
    effect: "calls of its methods fail, its rows are not written, its sagas do not start",
    remedy: "create a file for it: npx potter scaffold; or list it in unimplemented of createApp",
  }),
  "scaffold-lost": scaffold.breaking({
    summary: "Your code has a handler, an event, a step or a part that the contract does not have",
    example: [
      "Order.evolve.orderShipped",
      "Order.evolve.orderShipped is not in the contract: remove it, or restore it in the contract",
    ],
    message: (gap: string) => gap,
    effect: "the code does not compile, or is never called",
    remedy: "remove it, or restore it in the contract",
  }),
  "scaffold-unlisted": scaffold.breaking({
    summary: "A part is declared, and no app has it",
    example: [
      "Order.decider",
      "no code uses order, so no app has the aggregate Order: add it to the parts of createApp",
    ],
    message: (gap: string) => gap,
    effect:
      "the app starts without it: calls of its methods find nothing, its rows are not written, its sagas do not start",
    remedy: "add it to the parts of createApp, or remove it",
  }),
  "scaffold-unreadable": scaffold.dangerous({
    summary: "A file that may declare a part cannot be read or parsed",
    example: [
      "src/order.ts",
      "does not parse, so it is not changed: Declaration or statement expected.",
      "src/order.ts",
    ],
    message: (gap: string, file: string) => `${file} ${gap}`,
    effect: "what it lacks is not known",
    remedy: "correct it, or exclude it in tsconfig.json",
  }),
  "scaffold-hidden": scaffold.compatible({
    summary: "Handlers that may be missing cannot be seen",
    example: [
      "Order.decide",
      "the spread ...handlers() hides keys, so nothing is inserted into Order.decide: it needs shipOrder",
    ],
    message: (gap: string) => gap,
    effect: "the compiler alone sees whether one is missing",
    remedy: "none is needed; an object literal can be seen",
  }),
  "scaffold-unclear": scaffold.compatible({
    summary: "A part may be declared in a way that cannot be followed",
    example: [
      "OrderService.queries",
      "cannot see whether OrderService.queries(…) is called by way of this: no file is created for the queries of the service OrderService",
    ],
    message: (gap: string) => gap,
    effect: "whether the part is declared is not known",
    remedy: "none is needed; a call such as Order.decider({…}) can be followed",
  }),
} as const;

const acceptanceCatalogue = {
  "acceptance-expired": acceptances.breaking({
    summary: "An accepted change has expired",
    example: ["event-removed order.placed version 1", "event-removed (order.placed version 1)", "2026-12-31"],
    message: (code: string, expires: string) => `the acceptance of ${code} expired on ${expires}`,
    effect: "the change counts again",
    remedy: "make the change compatible, or have the acceptance reviewed again with a later date",
  }),
  "acceptance-unused": acceptances.dangerous({
    summary: "An acceptance matches no change",
    example: ["event-removed order.placed version 1", "event-removed (order.placed version 1)"],
    message: (code: string) => `no change matches the acceptance of ${code}`,
    effect: "the same change would be accepted unseen the next time",
    remedy: "remove the entry",
  }),
} as const;

/** Every kind of change that Potter's own rules find. Those of buf and GraphQL get their codes from these tools. */
export const catalogue = {
  ...storageCatalogue,
  ...callerCatalogue,
  ...presentCatalogue,
  ...scaffoldCatalogue,
  ...acceptanceCatalogue,
} as const;

/** A code of the catalogue. */
export type FindingCode = keyof typeof catalogue;

/** The arguments of a code's texts. */
export type ArgsOf<C extends FindingCode> = Parameters<(typeof catalogue)[C]["message"]>;

/** Returns the entry of a code. */
export function entryOf(code: FindingCode): FindingEntry<readonly string[]> {
  return catalogue[code] as unknown as FindingEntry<readonly string[]>;
}
