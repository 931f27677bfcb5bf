import { describe, expect, it } from "vitest";
import { PotterError } from "../../../errors/index.js";
import { toGraphQLError } from "./graphql-error.js";

describe("an error for a GraphQL client", () => {
  it("has the code in upper case, and the message", () => {
    const error = toGraphQLError(new PotterError("not_found", "there is no order 7"), { path: ["order"] });
    expect(error.toJSON()).toEqual({
      message: "there is no order 7",
      path: ["order"],
      extensions: { code: "NOT_FOUND" },
    });
  });

  it("has the violations with proto names", () => {
    const violation = { field: "lines[0].sku", rule: "string.min_len", message: "must not be empty" };
    const error = toGraphQLError(new PotterError("invalid_argument", "invalid", { violations: [violation] }));
    expect(error.extensions).toEqual({ code: "INVALID_ARGUMENT", violations: [violation] });
  });

  it("has the declared error as ProtoJSON", () => {
    const detail = { typeName: "shop.v1.OutOfStock", json: { sku: "tea" } };
    const error = toGraphQLError(new PotterError("failed_precondition", "out of stock", { detail }), {
      correlationId: "c1",
    });
    expect(error.message).toBe("out of stock");
    expect(error.extensions).toEqual({
      code: "FAILED_PRECONDITION",
      type: "urn:proto:shop.v1.OutOfStock",
      correlationId: "c1",
      error: { "@type": "shop.v1.OutOfStock", sku: "tea" },
    });
  });

  it("hides unexpected errors", () => {
    const secret = new TypeError("password of db01 is hunter2", { cause: new Error("hunter2") });
    const error = toGraphQLError(secret);
    expect(error.toJSON()).toEqual({ message: "the server failed to answer", extensions: { code: "INTERNAL" } });
    expect(error.originalError).toBeUndefined();
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("hunter2");
  });
});
