import { Trip } from "../../gen/travel/v1/travel_saga.js";

/**
 * What the steps send. The three reservations have no order between them, so they run at the same time. A release names the trip and
 * the item, not a number that the partner returned: it also runs when no response came back.
 */
export const trip = Trip.saga({
  steps: {
    flight: {
      command: ({ tripId, flight }) => ({ tripId, item: flight }),
      compensation: ({ tripId, flight }) => ({ tripId, item: flight }),
    },
    hotel: {
      command: ({ tripId, hotel }) => ({ tripId, item: hotel }),
      compensation: ({ tripId, hotel }) => ({ tripId, item: hotel }),
    },
    car: {
      command: ({ tripId, car }) => ({ tripId, item: car }),
      compensation: ({ tripId, car }) => ({ tripId, item: car }),
    },
    confirm: { command: ({ tripId }) => ({ tripId }) },
  },
});
