import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";

describe("snapshot policies", () => {
  it("reports snapshot-of-state for each policy", () => {
    const lines = diagnoseContract(`
message Cart {
  option (potter.v1.aggregate) = {
    persistence: PERSISTENCE_STATE
    snapshot_after: {seconds: 60}
    snapshot_size: 1000
  };
  string cart_id = 1;
}
`);
    expect(lines).toEqual([
      'shop.proto:8:5: error snapshot-of-state: Cart stores its state, so "snapshot_after" has no effect',
      "    snapshot_after: {seconds: 60}",
      "    ^^^^^^^^^^^^^^",
      "  hint: remove it, or store events: snapshots shorten the replay of events",
      'shop.proto:9:5: error snapshot-of-state: Cart stores its state, so "snapshot_size" has no effect',
      "    snapshot_size: 1000",
      "    ^^^^^^^^^^^^^",
      "  hint: remove it, or store events: snapshots shorten the replay of events",
    ]);
  });

  it("reports snapshot-zero", () => {
    const lines = diagnoseContract(`
message Cart {
  option (potter.v1.aggregate) = {snapshot_every: 0};
  string cart_id = 1;
}
`);
    expect(lines).toEqual([
      'shop.proto:6:35: error snapshot-zero: "snapshot_every" of Cart is 0',
      "    option (potter.v1.aggregate) = {snapshot_every: 0};",
      "                                    ^^^^^^^^^^^^^^",
      "  hint: remove it to disable these snapshots, or set it to 1 or more",
    ]);
  });

  it("reports a snapshot_after that is not positive", () => {
    const lines = diagnoseContract(`
message Cart {
  option (potter.v1.aggregate) = {snapshot_after: {}};
  string cart_id = 1;
}
`);
    expect(lines[0]).toBe(
      'shop.proto:6:35: error negative-duration: "snapshot_after" of Cart is not a positive duration',
    );
  });

  it("accepts all policies together, and a stored state without any", () => {
    const lines = diagnoseContract(`
message Order {
  option (potter.v1.aggregate) = {
    persistence: PERSISTENCE_EVENTS
    snapshot_every: 100
    snapshot_after: {seconds: 60}
    snapshot_size: 1000
  };
  string order_id = 1;
}
message Cart {
  option (potter.v1.aggregate) = {persistence: PERSISTENCE_STATE};
  string cart_id = 1;
}
`);
    expect(lines).toEqual([]);
  });
});
