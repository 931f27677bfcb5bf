import { describe, expect, it } from "vitest";
import { toFieldPath } from "../transport/index.js";
import { fromPointer } from "./field-pointer.js";

describe("the path of a field", () => {
  it.each([
    ["customer_email", "/customerEmail", "customerEmail"],
    ["lines[0].unit_price", "/lines/0/unitPrice", "lines[0].unitPrice"],
    ["line_1.tags[12]", "/line1/tags/12", "line1.tags[12]"],
    ['labels["env"].last_name', "/labels/env/lastName", "labels.env.lastName"],
    ['labels["my_key"]', "/labels/my_key", "labels.my_key"],
    ['labels["a b/c_d"]', "/labels/a b~1c_d", 'labels["a b/c_d"]'],
    ['labels["~"]', "/labels/~0", 'labels["~"]'],
    ["", "", ""],
  ])("is the same by names of the proto file, %s, and by a JSON Pointer, %s", (path, pointer, expected) => {
    expect(toFieldPath(path)).toBe(expected);
    expect(fromPointer(pointer)).toBe(expected);
  });

  it("of a parameter is its name", () => {
    expect(fromPointer("pageSize")).toBe("pageSize");
    expect(fromPointer("filter.min_total")).toBe("filter.minTotal");
    expect(fromPointer("if-match")).toBe("if-match");
  });
});
