import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";

const order = `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
`;
const placed = `message OrderPlaced { option (potter.v1.event) = {}; string id = 1; }
`;
const stock = `message ReserveRequest { string sku = 1; }
message ReserveResponse {}
service Stock {
  rpc Reserve(ReserveRequest) returns (ReserveResponse);
  rpc Release(ReserveRequest) returns (ReserveResponse);
  rpc Charge(ReserveRequest) returns (ReserveResponse);
}
`;

/** A saga over an order and its stock, with the steps from line 8 on. */
function checkout(...steps: readonly string[]): string {
  const lines = steps.map((step) => `    ${step}\n`).join("");
  const options = `{\n    starts_on: "OrderPlaced"\n${lines}  }`;
  return `message Checkout {\n  option (potter.v1.saga) = ${options};\n  string id = 1;\n}\n${order}${placed}${stock}`;
}

describe("sagas", () => {
  it("reports saga-step-action", () => {
    const lines = diagnoseContract(checkout('step {name: "neither"}'));
    expect(lines).toEqual([
      'shop.proto:8:17: error saga-step-action: step "neither" of Checkout does nothing',
      '    step {name: "neither"}',
      "                ^^^^^^^^^",
      '  hint: set "command", "wait_for", "delay", "until" or "saga"',
    ]);
  });

  it("reports saga-step-name", () => {
    const lines = diagnoseContract(
      checkout(
        'step {name: "stock" command: "Stock.Reserve" no_compensation: true}',
        'step {name: "stock" command: "Stock.Charge" no_compensation: true}',
      ),
    );
    expect(lines).toEqual([
      'shop.proto:8:17: error saga-step-name: Checkout has two steps named "stock"',
      '    step {name: "stock" command: "Stock.Reserve" no_compensation: true}',
      "                ^^^^^^^",
      "  hint: rename one of them",
    ]);
  });

  it("reports saga-step-unnamed", () => {
    const lines = diagnoseContract(checkout('step {command: "Stock.Charge" no_compensation: true}'));
    expect(lines).toEqual([
      "shop.proto:6:10: error saga-step-unnamed: Checkout has a step without a name",
      "    option (potter.v1.saga) = {",
      "           ^",
      '  hint: set "name" of the step',
    ]);
  });

  it("reports saga-step-without-compensation with a pivot", () => {
    const lines = diagnoseContract(
      checkout(
        'step {name: "reserve" command: "Stock.Reserve"}',
        'step {name: "charge" command: "Stock.Charge" after: "reserve" pivot: true}',
      ),
    );
    expect(lines).toEqual([
      'shop.proto:8:17: error saga-step-without-compensation: step "reserve" of Checkout has no compensation, and does not follow the pivot "charge"',
      '    step {name: "reserve" command: "Stock.Reserve"}',
      "                ^^^^^^^^^",
      '  hint: set "compensation", or "no_compensation: true" if the step has no effect to undo',
    ]);
  });

  it("reports saga-step-without-compensation without a pivot", () => {
    const lines = diagnoseContract(
      checkout(
        'step {name: "reserve" command: "Stock.Reserve"}',
        'step {name: "charge" command: "Stock.Charge" after: "reserve"}',
      ),
    );
    expect(lines).toEqual([
      'shop.proto:8:17: error saga-step-without-compensation: step "reserve" of Checkout has no compensation, and the saga has no pivot',
      '    step {name: "reserve" command: "Stock.Reserve"}',
      "                ^^^^^^^^^",
      '  hint: set "compensation", or "no_compensation: true" if the step has no effect to undo',
    ]);
  });

  it("reports saga-compensation-contradiction", () => {
    const lines = diagnoseContract(
      checkout(
        "step {",
        '  name: "reserve"',
        '  command: "Stock.Reserve"',
        '  compensation: "Stock.Release"',
        "  no_compensation: true",
        "}",
      ),
    );
    expect(lines).toEqual([
      'shop.proto:9:13: error saga-compensation-contradiction: step "reserve" of Checkout has both "compensation" and "no_compensation"',
      '    name: "reserve"',
      "          ^^^^^^^^^",
      "  hint: remove one of them",
    ]);
  });

  it("reports saga-wait-without-timeout", () => {
    const lines = diagnoseContract(checkout('step {name: "approval" wait_for: "OrderPlaced"}'));
    expect(lines).toEqual([
      'shop.proto:8:17: error saga-wait-without-timeout: step "approval" of Checkout waits for an event without a timeout',
      '    step {name: "approval" wait_for: "OrderPlaced"}',
      "                ^^^^^^^^^^",
      '  hint: set "timeout" of the step',
    ]);
  });

  it("reports saga-unknown-step", () => {
    const lines = diagnoseContract(
      checkout(
        'step {name: "reserve" command: "Stock.Reserve" no_compensation: true}',
        'step {name: "charge" command: "Stock.Charge" after: "reserv" pivot: true}',
      ),
    );
    expect(lines).toEqual([
      'shop.proto:9:57: error saga-unknown-step: "after" of step "charge" of Checkout names the unknown step "reserv"',
      '    step {name: "charge" command: "Stock.Charge" after: "reserv" pivot: true}',
      "                                                        ^^^^^^^^",
      '  hint: did you mean "reserve"?',
    ]);
  });

  it("reports saga-cycle", () => {
    const lines = diagnoseContract(
      checkout(
        'step {name: "reserve" command: "Stock.Reserve" after: "charge" no_compensation: true}',
        'step {name: "charge" command: "Stock.Charge" after: "reserve" no_compensation: true}',
      ),
    );
    expect(lines).toEqual([
      "shop.proto:6:10: error saga-cycle: the steps of Checkout form a cycle: reserve, charge",
      "    option (potter.v1.saga) = {",
      "           ^",
      '  hint: remove one "after"',
    ]);
  });

  it("reports saga-pivots", () => {
    const lines = diagnoseContract(
      checkout(
        'step {name: "reserve" command: "Stock.Reserve" pivot: true}',
        'step {name: "charge" command: "Stock.Charge" after: "reserve" pivot: true}',
      ),
    );
    expect(lines).toEqual([
      "shop.proto:6:10: error saga-pivots: Checkout has more than one pivot: reserve, charge",
      "    option (potter.v1.saga) = {",
      "           ^",
      '  hint: set "pivot" on one step: the point of no return',
    ]);
  });

  it("reports saga-without-steps", () => {
    const lines = diagnoseContract(checkout());
    expect(lines).toEqual([
      "shop.proto:6:10: error saga-without-steps: Checkout has no step",
      "    option (potter.v1.saga) = {",
      "           ^",
      '  hint: add at least one "step"',
    ]);
  });

  it("reports negative-duration of a step", () => {
    const lines = diagnoseContract(
      checkout('step {name: "charge" command: "Stock.Charge" retry: {max_delay: {nanos: -1}} pivot: true}'),
    );
    expect(lines).toEqual([
      'shop.proto:8:17: error negative-duration: "max_delay" of step "charge" of Checkout is not a positive duration',
      '    step {name: "charge" command: "Stock.Charge" retry: {max_delay: {nanos: -1}} pivot: true}',
      "                ^^^^^^^^",
      "  hint: set it to more than zero seconds, or remove it for the default",
    ]);
  });
});
