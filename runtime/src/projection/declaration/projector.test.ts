import { expect, it } from "vitest";
import { defaultEventKey } from "./projector.js";

const keyOf = (tenant: string, type: string, id: string) => defaultEventKey({ stream: { tenant, type, id } });

it("the default key of an event is readable, with a tenant or without", () => {
  expect(keyOf("", "order", "4711")).toBe("order/4711");
  expect(keyOf("north", "order", "a/b:c")).toBe("north:order/a/b:c");
});

it("different streams have different default keys, whatever their tenants, types and ids", () => {
  const parts = ["", "a", "b", "a/b", "a:b", "/", ":", "%2F", "a%3A", "a/", ":b"];
  const streams = parts.flatMap((tenant) => parts.flatMap((type) => parts.map((id) => [tenant, type, id] as const)));
  expect(new Set(streams.map(([tenant, type, id]) => keyOf(tenant, type, id))).size).toBe(streams.length);
});
