import { countOf } from "../count-of.js";

/** What reviewers read in potter.lock: its kinds of lines with their nouns. The others are descriptors. */
const nouns: Readonly<Record<string, string>> = {
  graphql: "GraphQL name",
  event: "event",
  rest: "route",
  saga: "saga",
};

/** Says what a potter.lock records: `18 GraphQL names, 1 event, 3 routes`. */
export function summarizeLock(text: string): string {
  const kinds = text.split(/\r?\n/).map((line) => line.slice(0, line.indexOf(" ")));
  const parts = Object.entries(nouns).flatMap(([kind, noun]) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [countOf(count, noun)];
  });
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
