import { describe, expect, it } from "vitest";
import { suggest } from "./suggest.js";

describe("suggest", () => {
  it.each([
    ["OrderPlacd", ["OrderPlaced", "OrderPaid"], "OrderPlaced", "a letter is missing"],
    ["OrderPlacedd", ["OrderPlaced"], "OrderPlaced", "a letter is too many"],
    ["Oredr", ["Order"], "Order", "two neighbours are swapped"],
    ["orderplaced", ["OrderPlaced"], "OrderPlaced", "the case differs"],
    ["reserv", ["charge", "reserve"], "reserve", "something farther comes first in the alphabet"],
    ["reserv", ["reserve", "charge"], "reserve", "the nearest comes first"],
    ["cat", ["rat", "bat"], "bat", "two are as near, so the first of the alphabet"],
    ["cat", ["bat", "rat"], "bat", "two are as near, in whatever order"],
    ["Zebra", ["Order", "OrderPlaced"], "", "nothing is alike"],
    ["ab", ["cdef"], "", "short names need more than their length"],
    ["Order", [], "", "there is nothing to choose from"],
    ["", ["ab", "abc"], "", "there is no name"],
    ["xy", ["ab"], "", "no letter is shared"],
  ])("for %j among %j returns %j: %s", (name, candidates, suggestion) => {
    expect(suggest(name, candidates)).toBe(suggestion);
  });
});
