import { callerCatalogue } from "./caller-catalogue.js";
import { entriesOf, type FindingEntry } from "./entry.js";
import { storageCatalogue } from "./storage-catalogue.js";

const acceptances = entriesOf("acceptances");

const acceptanceCatalogue = {
  "acceptance-expired": acceptances.breaking({
    summary: "An accepted change has expired",
    message: (code: string, expires: string) => `the acceptance of ${code} expired on ${expires}`,
    effect: "the change counts again",
    remedy: "make the change compatible, or have the acceptance reviewed again with a later date",
  }),
  "acceptance-unused": acceptances.dangerous({
    summary: "An acceptance matches no change",
    message: (code: string) => `no change matches the acceptance of ${code}`,
    effect: "the same change would be accepted unseen the next time",
    remedy: "remove the entry",
  }),
} as const;

/** Every kind of change that Potter's own rules find. Those of buf and GraphQL get their codes from these tools. */
export const catalogue = { ...storageCatalogue, ...callerCatalogue, ...acceptanceCatalogue } as const;

/** A code of the catalogue. */
export type FindingCode = keyof typeof catalogue;

/** The arguments of a code's texts. */
export type ArgsOf<C extends FindingCode> = Parameters<(typeof catalogue)[C]["message"]>;

/** Returns the entry of a code. */
export function entryOf(code: FindingCode): FindingEntry<readonly string[]> {
  return catalogue[code] as unknown as FindingEntry<readonly string[]>;
}
