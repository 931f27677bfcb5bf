// What a specification refuses, since the saga would do something else in an app; and time that passes without work.
import { describe, expect, it } from "vitest";
import type { Saga, SagaPart, SagaTypes } from "../../saga/declaration/index.js";
import {
  type Arrived,
  type Book,
  type Booked,
  child,
  command,
  event,
  sagaOf,
  type Trip,
  Visit,
} from "../../saga/saga.fixture.js";
import { type SagaStart, specifySaga } from "./specify-saga.js";

interface Types<M> {
  readonly message: M;
  readonly init: Partial<M>;
}
interface TripTypes extends SagaTypes {
  readonly data: Types<Trip>;
  readonly start: Types<Arrived>;
  readonly steps: {
    readonly orderCheck: {
      readonly kind: "command";
      readonly request: Types<Book>;
      readonly response: Types<Booked>;
      readonly compensation: Types<Book>;
    };
    readonly arrival: { readonly kind: "event"; readonly event: Types<Arrived> };
  };
}

function specify(part: SagaPart, sagas: readonly SagaPart[] = []): SagaStart<TripTypes> {
  return specifySaga({ definition: part.saga, saga: () => part } as unknown as Saga<TripTypes>, part, { sagas });
}

const { saga, behaviour } = sagaOf([command("order_check")]);
/** A step whose name in TypeScript is not the one of the contract. */
const checking: SagaPart = {
  kind: "saga",
  saga: { ...saga, steps: { orderCheck: saga.steps["order_check"] as never } },
  behaviour: { steps: { orderCheck: behaviour.steps["order_check"] as never } },
};
const byEmail = { key: (({ email }: Trip) => email) as never };
const visit = sagaOf([command("look")], { name: "trips.v1.Visit", codec: Visit as never });
const visiting = sagaOf([child("visit", () => visit.saga)]);
const visits = sagaOf([command("look", { forEach: true })]);
const century = 100 * 365 * 86_400_000;

describe("a specification of a saga", () => {
  it("names steps as TypeScript does", () => {
    expect(() => specify(checking).starts({ id: "t" }).compensated("orderCheck")).toThrow(
      'expected the compensation of orderCheck to be under way, there are: ["orderCheck"]',
    );
  });

  it("gives a step no event that does not match its saga", () => {
    const byId = specify(sagaOf([event("arrival")])).starts({ id: "t" });
    byId.receives("arrival", { id: "t" }).hasStatus("completed");
    expect(() => byId.receives("arrival", { id: "u" })).toThrow(
      'expected the event of arrival to match the saga: its id must equal id of the data, "t", found "u"',
    );
    const keyed = specify(sagaOf([event("arrival", byEmail)]));
    keyed.starts({ id: "t", email: "e" }).receives("arrival", { id: "e" }).hasStatus("completed");
    expect(() => keyed.starts({ id: "t" }).receives("arrival", { id: "" })).toThrow(
      'its id must equal email of the data, which has no value yet, found ""',
    );
  });

  it("needs the definitions of child sagas", () => {
    expect(() => specify(visiting)).toThrow(
      "the step visit of the saga trips.v1.Trip runs the saga trips.v1.Visit, which is not known: " +
        "pass its part to specifySaga, as in { sagas: [child] }",
    );
    specify(visiting, [visit]).starts({ id: "t" }).hasStatus("running");
  });

  it("needs a part of its saga", () => {
    expect(() => specifySaga({ definition: visit.saga } as never, visiting, { sagas: [visit] })).toThrow(
      "the part is one of the saga trips.v1.Trip, not of trips.v1.Visit",
    );
  });

  it("ends no child saga that was not started", () => {
    const later = sagaOf([command("look"), child("visit", () => visit.saga, { after: ["look"] })]);
    const looking = specifySaga<SagaTypes>({ definition: later.saga } as never, later, { sagas: [visit] }).starts({
      id: "t",
    });
    const end = (at: typeof looking) => at.childEnds("visit" as never, "completed", { id: "t-visit" } as never);
    expect(() => end(looking)).toThrow('expected the saga of visit to be started, the step is: "waiting"');
    end(looking.responds("look" as never, { text: "" } as never)).hasStatus("completed");
  });

  it("names the element of a step with for_each", () => {
    const each = specifySaga<SagaTypes>({ definition: visits.saga } as never, visits).starts({
      id: "t",
      stops: ["a", "b"],
    } as never);
    expect(() => each.responds("look" as never, { text: "" } as never, 7)).toThrow(
      'expected the command of look[7] to be under way, there are: ["look[0]","look[1]"]',
    );
    expect(() => each.sends("look" as never, { id: "t", what: "look a" } as never, 1)).toThrow(
      "the command of look[1]",
    );
  });

  it.each([-1, Number.NaN, "1h"])("lets no time pass that is none: %s", (time) => {
    expect(() =>
      specify(checking)
        .starts({ id: "t" })
        .passes(time as number),
    ).toThrow(`passes expects milliseconds, 0 or more, not ${time}`);
  });

  it("needs an id", () => {
    const nameless = { ...visiting, behaviour: { steps: { visit: { start: () => ({}) } } } };
    specify(nameless, [visit]).starts({ id: "t" }).hasStatus("suspended");
    expect(() => specify(checking).starts({})).toThrow(
      "the saga trips.v1.Trip has no id: set the field id of its data",
    );
  });

  it("lets time pass at once, also while a command of the saga or of a child is under way", () => {
    specify(checking).starts({ id: "t" }).passes(century).sends("orderCheck").hasStatus("running");
    specify(visiting, [visit]).starts({ id: "t" }).passes(century).hasStatus("running");
  });
});
