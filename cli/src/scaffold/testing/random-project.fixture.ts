import type { Names } from "./in-memory.fixture.js";
import { type Entry, type Random, Writer } from "./writer.fixture.js";

/** Files of a user, the contract that they were written for, and the one that they now meet. */
export interface RandomProject {
  readonly files: ReadonlyMap<string, string>;
  readonly names: Names;
}

/** All names that contracts of tests have. */
export const allNames: Required<Names> = {
  commands: ["placeOrder", "cancelOrder", "shipOrder", "delete", "splitOrder2"],
  events: ["orderPlaced", "orderCancelled", "orderShipped", "import"],
  replies: ["placeOrder", "cancelOrder"],
  viewEvents: ["orderPlaced", "orderCancelled", "orderShipped", "import"],
  queries: ["getOrder", "listOrders", "watchOrder"],
  plainCommands: ["charge", "refund"],
  steps: Object.fromEntries(
    ["place", "reserve", "charge", "ship"].map((step) => [step, ["command", "compensation", "when"]]),
  ),
};

const { commands, events, replies, queries, plainCommands } = allNames;
const steps = Object.keys(allNames.steps);
const stepKeys = ["command", "compensation", "when"];

/**
 * Builds a project whose files are written in as many ways as users write, and a contract that differs from what they contain.
 * `typed`: what the files have also fits the types of a contract with all names, and nothing in them is hidden.
 */
export function randomProject(random: Random, typed = false): RandomProject {
  const writer = new Writer(random, typed);
  const { subset } = random;
  const names: Names = {
    commands: subset(commands),
    events: subset(events),
    replies: subset(replies),
    viewEvents: subset(events),
    queries: subset(queries),
    plainCommands: subset(plainCommands),
    steps: Object.fromEntries(
      subset(steps)
        .map((step) => [step, subset(stepKeys)] as const)
        .filter(([, keys]) => keys.length > 0),
    ),
  };
  const used = { ...names, replies: (names.replies ?? []).filter((one) => names.commands?.includes(one)) };
  const object = (keys: readonly string[]): Entry[] => keys.map((key) => [key, undefined]);
  const declarations: string[] = [];
  if (random.chance(85)) {
    const entries: Entry[] = [
      ["initial", undefined],
      ["decide", object(subset(commands))],
      ["evolve", object(subset(events))],
      ...(random.chance(40) ? [["reply", object(subset(commands))] as const] : []),
    ];
    declarations.push(writer.declaration("Order", "decider", entries));
  }
  if (random.chance(60))
    declarations.push(writer.declaration("OrderView", "projection", [["on", object(subset(events))]]));
  if (random.chance(60)) {
    declarations.push(writer.declaration("OrderService", "queries", object(subset(["getOrder", "listOrders"]))));
  }
  if (random.chance(60)) {
    const entries = subset(steps).map((step): Entry => [step, object(subset([...stepKeys, "response"]))]);
    declarations.push(writer.declaration("Checkout", "saga", [["steps", entries]]));
  }
  return { files: writer.files(declarations), names: used };
}
