import { expect, test } from "vitest";
import { httpBinding } from "./http-binding.js";

test("a path without variables", () => {
  expect(httpBinding("POST", "/v1/orders:search", { body: "*" })).toEqual({
    method: "POST",
    path: "/v1/orders:search",
    segments: ["v1", "orders"],
    verb: "search",
    body: "*",
  });
});

test("a variable matches one segment, or those of its pattern", () => {
  const path = "/v1/{shop}/{order.name=orders/*/lines/**}";
  expect(httpBinding("GET", path, { responseBody: "line" })).toEqual({
    method: "GET",
    path,
    segments: [
      "v1",
      { field: "shop", segments: ["*"] },
      { field: "order.name", segments: ["orders", "*", "lines", "**"] },
    ],
    responseBody: "line",
  });
});

test("the root has no segments", () => {
  expect(httpBinding("GET", "/")).toEqual({ method: "GET", path: "/", segments: [] });
});
