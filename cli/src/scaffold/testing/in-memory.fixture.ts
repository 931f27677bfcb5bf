import {
  closedObject,
  type Expected,
  type ExpectedContract,
  type ExpectedPart,
  openObject,
  stubFunction,
  stubValue,
} from "../contract/index.js";
import type { FormatConfig } from "../insert/index.js";
import { type Prepared, prepare } from "../prepare.js";

/** The names of a small contract: an aggregate Order, a read model OrderView, a service OrderService and a saga Checkout. */
export interface Names {
  readonly commands?: readonly string[];
  readonly events?: readonly string[];
  readonly replies?: readonly string[];
  readonly viewEvents?: readonly string[];
  readonly queries?: readonly string[];
  readonly plainCommands?: readonly string[];
  readonly steps?: Readonly<Record<string, readonly string[]>>;
}

export const cqrsModule = "shop/orders/v1/orders_cqrs";
export const sagaModule = "shop/orders/v1/orders_saga";

/** Builds a contract of the parts whose names are given. */
export function contractOf(names: Names): ExpectedContract {
  const { commands, events = [], replies = [], viewEvents, queries, plainCommands, steps } = names;
  const stubs = (path: string, keys: readonly string[]): (readonly [string, Expected])[] =>
    keys.map((key) => [key, stubFunction(`${path}.${key}`)]);
  const parts: ExpectedPart[] = [];
  const add = (
    name: string,
    method: ExpectedPart["method"],
    behaviour: ExpectedPart["behaviour"],
    file: string,
    constant: string,
  ): void => {
    const module = method === "saga" ? sagaModule : cqrsModule;
    parts.push({ module, name, method, behaviour, file, constant, label: `${name}.${method}`, comment: `${name}.` });
  };
  if (commands !== undefined) {
    const slots: (readonly [string, Expected])[] = [
      ["initial", stubValue("() => ({ exists: false })")],
      ["decide", closedObject(stubs("Order.decide", commands))],
      ["evolve", closedObject(stubs("Order.evolve", events))],
    ];
    const derived = stubs(
      "Order.reply",
      commands.filter((command) => !replies.includes(command)),
    );
    const reply = [["reply", closedObject(stubs("Order.reply", replies), derived)] as const];
    add(
      "Order",
      "decider",
      replies.length > 0 ? openObject([...slots, ...reply]) : openObject(slots, reply),
      "order",
      "order",
    );
  }
  if (viewEvents !== undefined) {
    const on = closedObject(stubs("OrderView.on", viewEvents));
    add("OrderView", "projection", openObject([["on", on]]), "order-view", "orderViewProjection");
  }
  if (plainCommands !== undefined) {
    const behaviour = closedObject(stubs("OrderService.commands", plainCommands));
    add("OrderService", "commands", behaviour, "order-commands", "orderCommands");
  }
  if (queries !== undefined) {
    add(
      "OrderService",
      "queries",
      closedObject(stubs("OrderService.queries", queries)),
      "order-queries",
      "orderQueries",
    );
  }
  if (steps !== undefined) {
    const entries = Object.entries(steps).map(([step, keys]): readonly [string, Expected] => [
      step,
      closedObject(stubs(`Checkout.${step}`, keys), [["response", stubFunction("")]]),
    ]);
    add("Checkout", "saga", closedObject([["steps", closedObject(entries)]]), "checkout", "checkout");
  }
  const exported = new Set(parts.map(({ name }) => name));
  return {
    parts,
    modules: new Map([
      [cqrsModule, new Set([...exported].filter((name) => name !== "Checkout"))],
      [sagaModule, new Set([...exported].filter((name) => name === "Checkout"))],
    ]),
    services: new Map(
      parts
        .filter(({ method }) => method === "queries" || method === "commands")
        .map((part) => [part, [{ module: part.module, name: part.name }]]),
    ),
  };
}

/** What a run changed in memory. */
export interface Change extends Prepared {
  /** All files afterwards. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Runs the scaffold over texts. Their generated code is in `gen`. */
export async function runInMemory(
  contract: ExpectedContract,
  files: ReadonlyMap<string, string> | Readonly<Record<string, string>>,
  options: FormatConfig["options"] = {},
): Promise<Change> {
  const texts = new Map(files instanceof Map ? files : Object.entries(files));
  const prepared = await prepare({
    contract,
    texts,
    unreadable: new Map(),
    layout: { folders: ["gen"], modules: contract.modules },
    newFiles: {
      into: undefined,
      otherwise: "src",
      importEnding: ".js",
      outputOf: () => "gen",
      exists: (path) => texts.has(path),
    },
    formatOf: async () => ({ options, source: "prettier", problem: undefined }),
  });
  const written = [...prepared.edits, ...prepared.files].map(({ path, text }) => [path, text] as const);
  return { ...prepared, texts: new Map([...texts, ...written]) };
}
