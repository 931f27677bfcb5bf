import { createApp, memory } from "@potter/runtime";
import { specifySaga } from "@potter/runtime/testing";
import { describe, expect, it } from "vitest";
import { Trip } from "../../gen/travel/v1/travel_saga.js";
import { type Partners, reservations } from "./reservations.js";
import { trip } from "./trip.js";

const data = { tripId: "1", flight: "LH 400", hotel: "Astoria", car: "estate" };

describe("a trip, specified", () => {
  const reserving = specifySaga(Trip, trip)
    .starts(data)
    .sends("flight", { tripId: "1", item: "LH 400" })
    .sends("hotel", { tripId: "1", item: "Astoria" })
    .sends("car", { tripId: "1", item: "estate" });

  it("is confirmed once all three are reserved, in any order", () => {
    reserving
      .responds("car", {})
      .responds("flight", {})
      .responds("hotel", {})
      .sends("confirm", { tripId: "1" })
      .responds("confirm", {})
      .hasStatus("completed");
  });

  it("waits for reservations under way before it releases those that succeeded", () => {
    reserving
      .responds("flight", {})
      .fails("car", "failed_precondition")
      .hasStatus("compensating")
      .responds("hotel", {})
      .compensates("flight", { tripId: "1", item: "LH 400" })
      .compensates("hotel", { tripId: "1", item: "Astoria" })
      .compensated("flight")
      .compensated("hotel")
      .hasStatus("compensated");
  });
});

describe("a trip, run", () => {
  /** Partners that answer once all three reservations are under way. One after the other, the first would wait forever. */
  function meetingPartners(soldOut: string) {
    const held = new Set<string>();
    const waiting: (() => void)[] = [];
    const allArrived = (arrived: () => void) => {
      waiting.push(arrived);
      if (waiting.length === 3) for (const resolve of waiting) resolve();
    };
    const partners: Partners = {
      reserve: async (_tripId, item) => {
        await new Promise<void>(allArrived);
        if (item !== soldOut) held.add(item);
        return item !== soldOut;
      },
      release: async (_tripId, item) => void held.delete(item),
      confirm: async () => {},
    };
    return { partners, held };
  }

  async function run(soldOut: string) {
    const { partners, held } = meetingPartners(soldOut);
    const app = createApp({ store: memory(), parts: [trip, reservations(partners)] });
    const { status, failure, steps } = await app.saga(Trip).run(data);
    await app.stop();
    return { status, reason: failure?.reason, steps: steps.map((step) => step.status), held: [...held].sort() };
  }

  it("reserves in parallel and confirms", async () => {
    expect(await run("nothing")).toEqual({
      status: "completed",
      reason: undefined,
      steps: ["done", "done", "done", "done"],
      held: ["Astoria", "LH 400", "estate"],
    });
  });

  it("holds nothing after one item was sold out", async () => {
    expect(await run("estate")).toEqual({
      status: "compensated",
      reason: "travel.v1.SoldOut",
      steps: ["undone", "undone", "failed", "waiting"],
      held: [],
    });
  });
});
