import { createApp, memory } from "@potter/runtime";
import { Trip } from "../../gen/travel/v1/travel_saga.js";
import { sagaText } from "../saga-states.js";
import { reservations, trialPartners } from "./reservations.js";
import { trip } from "./trip.js";

/** Runs a trip that can be had, and one whose car is sold out. */
export async function runTravel(print: (line: string) => void): Promise<void> {
  const partners = trialPartners(["convertible"], (line) => print(`  ${line}`));
  const app = createApp({ store: memory(), parts: [trip, reservations(partners)] });

  print("A trip: its flight, hotel and car are reserved at the same time, then confirmed");
  const booked = await app.saga(Trip).run({ tripId: "trip-1", flight: "LH 400", hotel: "Astoria", car: "estate" });
  print(sagaText(booked));

  print("\nA trip whose car is sold out: the flight and the hotel are released");
  const undone = await app.saga(Trip).run({ tripId: "trip-2", flight: "LH 400", hotel: "Astoria", car: "convertible" });
  print(sagaText(undone));

  await app.stop();
}
