import type { HandlersPart } from "@potter/runtime";
import { ReservationService } from "../../gen/travel/v1/travel_cqrs.js";

/** The systems of airlines, hotels and car rentals. Replace it with your partners. */
export interface Partners {
  /** false: sold out. A repeated key reserves nothing more. */
  reserve(tripId: string, item: string, idempotencyKey: string): Promise<boolean>;
  release(tripId: string, item: string): Promise<void>;
  confirm(tripId: string): Promise<void>;
}

/** The commands of the saga. They are functions in front of other systems, so a step may be sent more than once. */
export function reservations(partners: Partners): HandlersPart {
  return ReservationService.commands({
    reserve: async ({ tripId, item }, ctx) =>
      (await partners.reserve(tripId, item, ctx.commandId)) ? {} : ReservationService.reject.soldOut({ item }),
    release: async ({ tripId, item }) => {
      await partners.release(tripId, item);
      return {};
    },
    confirm: async ({ tripId }) => {
      await partners.confirm(tripId);
      return {};
    },
  });
}

/** Partners in memory, which log each call. */
export function trialPartners(soldOut: readonly string[], log: (line: string) => void): Partners {
  return {
    reserve: async (tripId, item) => {
      log(`reserve ${item} for ${tripId}`);
      return !soldOut.includes(item);
    },
    release: async (tripId, item) => log(`release ${item} of ${tripId}`),
    confirm: async (tripId) => log(`confirm ${tripId}`),
  };
}
