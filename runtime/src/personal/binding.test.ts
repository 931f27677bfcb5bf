import { expect, it } from "vitest";
import { bind, bindBriefly } from "./binding.js";

const places: readonly (readonly (string | number)[])[] = [
  ["event", "", "order", "o-1", 1, "order.placed", 0],
  ["row", "a tenant", 'with "quotes"', "back\\slash", "tab\tand\0null"],
  ["command", "Übermaß", "\ud800", "\u2028", "\u007f"],
  [],
];

it.each(places)("encodes the same list as JSON, and the bytes after a null character", (...place) => {
  const json = new TextEncoder().encode(JSON.stringify(place));
  const bytes = Uint8Array.of(0, 1, 255);
  expect(bind(place)).toEqual(json);
  expect(bind(place, bytes)).toEqual(Uint8Array.of(...json, 0, ...bytes));
  expect(bindBriefly(place, bytes)).toEqual(Uint8Array.of(...json, 0, ...bytes));
});

it("leaves nothing of a longer list in a shorter one", () => {
  bindBriefly(["a long place in which much is stored"], new Uint8Array(200).fill(7));
  expect(bindBriefly(["b"], Uint8Array.of(1))).toEqual(bind(["b"], Uint8Array.of(1)));
  expect(bindBriefly(["b"], new Uint8Array(100_000))).toHaveLength(100_006);
});
