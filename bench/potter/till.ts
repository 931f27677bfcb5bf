// A till on Potter: events only, without snapshots and read models.
import { type App, createApp, type Store } from "@potter/runtime";
import { Till, TillService } from "./gen/bench/till/v1/till_cqrs.js";

export { isPotterError, memory } from "@potter/runtime";
export { postgres } from "@potter/runtime/postgres";
export const { payIn } = TillService.methods;

const most = 1_000_000_000n;

const till = Till.decider({
  initial: () => ({ total: 0n }),
  decide: {
    payIn: ({ total }, { tillId, amount }) =>
      total + amount > most ? Till.reject.tillFull({ room: most - total }) : Till.event.paidIn({ tillId, amount }),
  },
  evolve: {
    paidIn: ({ total }, { amount }) => ({ total: total + amount }),
  },
  reply: { payIn: ({ total }) => ({ total }) },
});

export function createTillApp(store: Store): App {
  return createApp({ store, parts: [till] });
}
