import { describe, expect, it } from "vitest";
import { toSchema30 } from "./schema-3-0.js";

describe("null in OpenAPI 3.0", () => {
  const nothing = { type: "boolean", nullable: true, enum: [null] };
  const reference = { $ref: "#/components/schemas/double" };

  it("is expressed by nullable next to a type", () => {
    expect(toSchema30({ type: ["integer", "null"], minimum: 1 })).toEqual({
      type: "integer",
      minimum: 1,
      nullable: true,
    });
    expect(toSchema30({ description: "A word", anyOf: [{ type: "string", minLength: 1 }, { type: "null" }] })).toEqual({
      description: "A word",
      type: "string",
      minLength: 1,
      nullable: true,
    });
  });

  it("is an alternative where there is no type", () => {
    expect(toSchema30({ type: "null", description: "Nothing" })).toEqual({ description: "Nothing", ...nothing });
    expect(toSchema30({ anyOf: [reference, { type: "null" }] })).toEqual({ anyOf: [reference, nothing] });
    const two = [{ type: "string" }, reference];
    expect(toSchema30({ anyOf: [...two, { type: "null" }] })).toEqual({ anyOf: [...two, nothing] });
  });

  it("is not an enum value only because the type allows it", () => {
    const word = { type: "string", enum: ["A", "B"] };
    expect(toSchema30({ anyOf: [word, { type: "null" }] })).toEqual({ anyOf: [word, nothing] });
  });
});
