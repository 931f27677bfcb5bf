import type { Names } from "./in-memory.fixture.js";

/** The path of the contract, from which its generated modules have their names. */
const path = "shop/orders/v1/orders.proto";

/** Writes the proto of a contract with given names: what `contractOf` builds without a compiler. */
export function protoOf({
  commands,
  events,
  replies,
  viewEvents,
  queries,
  plainCommands,
  steps,
}: Required<Names>): Record<string, string> {
  const pascal = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);
  const emits = events.map((event) => `emits: "${pascal(event)}"`).join(" ");
  const rpc = (name: string, response: string, option: string): string =>
    `  rpc ${pascal(name)}(Request) returns (${response}) { option (potter.v1.${option}; }`;
  const step = ([name, keys]: readonly [string, readonly string[]], at: number, all: readonly unknown[]): string => {
    const before = at === 0 ? "" : `after: "${(all[at - 1] as readonly [string])[0]}"`;
    const when = keys.includes("when") ? "when: true" : "";
    return `    step: {name: "${name}" command: "OrderService.Charge" compensation: "OrderService.Refund" ${when} ${before}}`;
  };
  const text = `syntax = "proto3";
package shop.orders.v1;
import "potter/v1/options.proto";
service OrderService {
${commands.map((name) => rpc(name, replies.includes(name) ? "Receipt" : "Reply", `command) = {aggregate: "Order" ${emits}}`)).join("\n")}
${plainCommands.map((name) => rpc(name, "Reply", "command) = {}")).join("\n")}
${queries.map((name) => rpc(name, name.startsWith("watch") ? "stream OrderView" : "OrderView", "query) = {}")).join("\n")}
}
message Request { string order_id = 1; }
message Reply { string order_id = 1; }
message Receipt { string number = 1; }
message Order { option (potter.v1.aggregate) = {}; string order_id = 1 [(potter.v1.field).id = true]; }
${events.map((name) => `message ${pascal(name)} { option (potter.v1.event) = {}; string order_id = 1; }`).join("\n")}
message OrderView {
  option (potter.v1.read_model) = {${viewEvents.map((name) => `from: "${pascal(name)}"`).join(" ")}};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Checkout {
  option (potter.v1.saga) = {
${Object.entries(steps).map(step).join("\n")}
  };
  string order_id = 1 [(potter.v1.field).id = true];
}
`;
  return { [path]: text };
}
