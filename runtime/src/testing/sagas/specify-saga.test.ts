import { describe, expect, it } from "vitest";
import type { Saga, SagaTypes } from "../../saga/declaration/index.js";
import { type Arrived, type Book, type Booked, command, event, sagaOf, type Trip } from "../../saga/saga.fixture.js";
import { specifySaga } from "./specify-saga.js";

interface Types<M> {
  readonly message: M;
  readonly init: Partial<M>;
}
interface TripTypes extends SagaTypes {
  readonly data: Types<Trip>;
  readonly start: Types<Arrived>;
  readonly steps: {
    readonly hotel: {
      readonly kind: "command";
      readonly request: Types<Book>;
      readonly response: Types<Booked>;
      readonly compensation: Types<Book>;
    };
    readonly arrival: { readonly kind: "event"; readonly event: Types<Arrived> };
  };
}

const part = sagaOf(
  [command("hotel", { timeout: 60_000 }), event("arrival", { after: ["hotel"] })],
  { startsOn: event("any").event },
  { start: ({ id, note }: Arrived) => (note === "" ? undefined : { id }) },
);
const Trips = { definition: part.saga, saga: () => part } as unknown as Saga<TripTypes>;
const trip = specifySaga(Trips, part);

describe("specifySaga", () => {
  it("says what a saga sends, and how it ends", () => {
    const ended = trip
      .starts({ id: "t" })
      .sends("hotel", { id: "t", what: "hotel" })
      .hasStatus("running")
      .responds("hotel", { text: "room 7" })
      .sendsNothing()
      .hasStep("arrival", "running")
      .receives("arrival", { id: "t", note: "here" });
    expect(ended.hasData({ id: "t", log: ["room 7", "here"] }).hasStatus("completed")).toBe(ended);
  });

  it("says what is compensated, after refusals, limits and cancellations", () => {
    const begun = trip.starts({ id: "t" });
    begun.fails("hotel", "not_found").hasStatus("compensated");
    const late = begun.passes(60_000).compensates("hotel", { id: "t", what: "undo hotel 0" });
    late.compensated("hotel").hasStatus("compensated");
    const waiting = begun.responds("hotel", {});
    const stuck = waiting.cancel().compensationFails("hotel", "failed_precondition").hasStatus("suspended");
    stuck.retry("hotel").compensates("hotel");
    waiting.pause().receives("arrival", { id: "t" }).hasStatus("running").resume().hasStatus("completed");
    waiting.skip("arrival").hasStep("arrival", "skipped").hasStatus("completed");
    // Each begins from the same state.
    expect(waiting.sendsNothing().hasStatus("running")).toBe(waiting);
  });

  it("says which events start a saga", () => {
    trip.startsBy({ id: "t", note: "x" }).sends("hotel");
    trip.ignores({ id: "t" });
    expect(() => trip.startsBy({ id: "t" })).toThrow("expected the event to start a saga");
    expect(() => trip.ignores({ id: "t", note: "x" })).toThrow("expected the event to start no saga");
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "a command that is not under way",
      () => trip.starts({ id: "t" }).responds("hotel", {}).sends("hotel"),
      /expected the command of hotel to be under way, there are/,
    ],
    [
      "another request",
      () => trip.starts({ id: "t" }).sends("hotel", { id: "u" }),
      /expected the command of hotel: .*"u".*found .*"t"/,
    ],
    ["another status", () => trip.starts({ id: "t" }).hasStatus("completed"), /completed.*running/],
    ["other data", () => trip.starts({ id: "t" }).hasData({ id: "u" }), /expected the data of the saga/],
    ["nothing under way", () => trip.starts({ id: "t" }).sendsNothing(), /nothing under way/],
    ["another state of a step", () => trip.starts({ id: "t" }).hasStep("hotel", "done"), /done.*running/],
  ])("fails on the expectation of %s", (_, check, message) => {
    expect(check).toThrow(message);
  });
});
