import { create, createFileRegistry, type DescMessage, fromBinary, type Message, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto } from "../../../../../generator/src/testing/index.js";
import { type Code, PotterError } from "../../../errors/index.js";
import { toGrpcNumber } from "../../../http/index.js";
import { connectFormsOf, toReport, writeStatus } from "./index.js";

/** The messages of google.rpc, as their files declare them. */
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: compileProto({
      "google/rpc/details.proto": `
        syntax = "proto3";
        package google.rpc;
        import "google/protobuf/any.proto";
        import "google/protobuf/duration.proto";
        message Status {
          int32 code = 1;
          string message = 2;
          repeated google.protobuf.Any details = 3;
        }
        message BadRequest {
          message FieldViolation {
            string field = 1;
            string description = 2;
            string reason = 3;
          }
          repeated FieldViolation field_violations = 1;
        }
        message RetryInfo {
          google.protobuf.Duration retry_delay = 1;
        }`,
    }).protoFile,
  }),
);
const schemaOf = (name: string) => registry.getMessage(`google.rpc.${name}`) as DescMessage;
const read = (name: string, bytes: Uint8Array) => {
  const schema = schemaOf(name);
  return toJson(schema, fromBinary(schema, bytes) as Message, { registry });
};

describe("codes", () => {
  it.each<[Code, number, string, number]>([
    ["cancelled", 1, "canceled", 499],
    ["unknown", 2, "unknown", 500],
    ["invalid_argument", 3, "invalid_argument", 400],
    ["deadline_exceeded", 4, "deadline_exceeded", 504],
    ["not_found", 5, "not_found", 404],
    ["already_exists", 6, "already_exists", 409],
    ["permission_denied", 7, "permission_denied", 403],
    ["resource_exhausted", 8, "resource_exhausted", 429],
    ["failed_precondition", 9, "failed_precondition", 400],
    ["aborted", 10, "aborted", 409],
    ["out_of_range", 11, "out_of_range", 400],
    ["unimplemented", 12, "unimplemented", 501],
    ["internal", 13, "internal", 500],
    ["unavailable", 14, "unavailable", 503],
    ["data_loss", 15, "data_loss", 500],
    ["unauthenticated", 16, "unauthenticated", 401],
  ])("%s is %i in gRPC, and %s with %i in Connect", (code, grpc, name, status) => {
    expect(toGrpcNumber(code)).toBe(grpc);
    expect(connectFormsOf(code)).toEqual({ name, status });
  });

  it("of a version with more codes are unknown", () => {
    expect(toGrpcNumber("new" as Code)).toBe(2);
    expect(connectFormsOf("new" as Code)).toEqual({ name: "unknown", status: 500 });
  });
});

describe("a report", () => {
  it("has violations, the time of a retry and declared errors as messages of protobuf", () => {
    const error = new PotterError("invalid_argument", "invalid", {
      violations: [
        { field: "lines[0].sku", rule: "string.min_len", message: "must not be empty" },
        { field: "", rule: "total", message: "" },
      ],
      retryAfter: 2_500,
      detail: { typeName: "shop.v1.Closed", json: { by: "x" }, encode: () => Uint8Array.of(8, 1) },
      details: [{ typeName: "shop.v1.OnlyJson", json: {} }],
    });
    const { code, message, details, retryAfter } = toReport(error, "c-1");
    expect([code, message, retryAfter]).toEqual(["invalid_argument", "invalid", 2_500]);
    expect(details.map(({ typeName }) => typeName)).toEqual([
      "shop.v1.Closed",
      "google.rpc.BadRequest",
      "google.rpc.RetryInfo",
    ]);
    const [closed, bad, retry] = details;
    expect(closed).toMatchObject({ value: Uint8Array.of(8, 1), json: { by: "x" } });
    expect(read("BadRequest", bad?.value as Uint8Array)).toEqual({
      fieldViolations: [
        { field: "lines[0].sku", description: "must not be empty", reason: "string.min_len" },
        { reason: "total" },
      ],
    });
    expect(read("RetryInfo", retry?.value as Uint8Array)).toEqual({ retryDelay: "2.500s" });
    expect(retry?.json).toEqual({ retryDelay: "2.5s" });
    const status = writeStatus(3, "naïve", [bad, retry] as never);
    expect(read("Status", status)).toEqual({
      code: 3,
      message: "naïve",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          ...(read("BadRequest", bad?.value as Uint8Array) as object),
        },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2.500s" },
      ],
    });
  });

  it.each([0, 1, 999, 1_000, 59_999, 3_600_000.5])("says when to retry: after %d ms", (milliseconds) => {
    const [retry] = toReport(new PotterError("unavailable", "", { retryAfter: milliseconds }), "").details;
    const json = read("RetryInfo", retry?.value as Uint8Array) as { readonly retryDelay: string };
    expect(Number.parseFloat(json.retryDelay) * 1000).toBeCloseTo(milliseconds, 5);
  });

  it("hides what only the operator of the server can fix", () => {
    const hidden = [
      new Error("secret"),
      new PotterError("internal", "secret"),
      new PotterError("unavailable", "secret", { confidential: true }),
    ];
    for (const error of hidden) expect(toReport(error, "c-1").message).not.toContain("secret");
    expect(toReport(hidden[1], "c-1").message).toContain("c-1");
    expect(toReport(new PotterError("internal", "public", { confidential: false }), "c-1").message).toBe("public");
    expect(toReport(new Error("secret"), "c-1").code).toBe("internal");
  });
});
