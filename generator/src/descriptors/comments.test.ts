import { describe, expect, it } from "vitest";
import { compileProto } from "../testing/index.js";
import { readComment } from "./comments.js";
import { readSource } from "./request.js";

const { registry } = readSource(
  compileProto({
    "a.proto": `syntax = "proto3";
package a;

// Detached.

// An order.
//
//   Indented.   
//
//
//
// buf:lint:ignore SERVICE_SUFFIX
// (-- api-linter: core::0192 --)
// Last.
message Order {
  string plain = 1;
  string behind = 2; // Behind it.
  // Above it.
  string both = 3; // Not this.
  /* A block,
   * of stars. */
  string block = 4;
  // (-- Internal
  // over lines. --)
  string internal = 5;
  // Nested.
  message Line {
    // Of a oneof.
    oneof kind {
      // Of a member.
      string a = 1;
    }
    // Of a nested enum.
    enum Unit {
      // Of a value.
      UNIT_UNSPECIFIED = 0;
    }
  }
}

// Of a service.
service Orders {
  // Of an rpc.
  rpc Get(Order) returns (Order);
}
`,
  }),
);

const order = registry.getMessage("a.Order");
const line = registry.getMessage("a.Order.Line");

describe("readComment", () => {
  it("returns plain text without margins, linter lines, internal comments and repeated empty lines", () => {
    expect(order && readComment(order)).toBe("An order.\n\n  Indented.\n\nLast.");
  });

  it.each([
    ["plain", ""],
    ["behind", "Behind it."],
    ["both", "Above it."],
    ["block", "A block,\nof stars."],
    ["internal", ""],
  ])("of the field %s returns %j", (name, comment) => {
    const field = order?.fields.find((candidate) => candidate.name === name);
    expect(field && readComment(field)).toBe(comment);
  });

  it("supports every kind of element", () => {
    const service = registry.getService("a.Orders");
    const unit = registry.getEnum("a.Order.Line.Unit");
    const elements = [service, service?.methods[0], line, line?.oneofs[0], line?.fields[0], unit, unit?.values[0]];
    expect(elements.map((element) => element && readComment(element))).toEqual([
      "Of a service.",
      "Of an rpc.",
      "Nested.",
      "Of a oneof.",
      "Of a member.",
      "Of a nested enum.",
      "Of a value.",
    ]);
  });

  it("is empty if the request has no comments", () => {
    const request = compileProto({ "a.proto": 'syntax = "proto3"; // A.\n// B.\nmessage B {}' });
    for (const file of request.protoFile) delete file.sourceCodeInfo;
    const b = readSource(request).registry.getMessage("B");
    expect(b && readComment(b)).toBe("");
  });
});
