import { expect, it } from "vitest";
import { streamKey } from "./projector.js";

const keyOf = (tenant: string, type: string, id: string) => streamKey({ stream: { tenant, type, id } });

it("the key of a stream can be read, in a tenant or in none", () => {
  expect(keyOf("", "order", "4711")).toBe("order/4711");
  expect(keyOf("north", "order", "a/b:c")).toBe("north:order/a/b:c");
});

it("the keys of different streams differ, whatever tenants, types and ids are called", () => {
  const parts = ["", "a", "b", "a/b", "a:b", "/", ":", "%2F", "a%3A", "a/", ":b"];
  const streams = parts.flatMap((tenant) => parts.flatMap((type) => parts.map((id) => [tenant, type, id] as const)));
  expect(new Set(streams.map(([tenant, type, id]) => keyOf(tenant, type, id))).size).toBe(streams.length);
});
