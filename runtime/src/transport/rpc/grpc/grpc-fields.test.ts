import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGrpcTimeout } from "./grpc-timeout.js";
import { encodeGrpcMessage } from "./percent-encoding.js";
import { toStatusFields } from "./status-fields.js";

describe("grpc-message", () => {
  it("is printable ASCII, from which the text can be read again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const encoded = encodeGrpcMessage(text);
        expect(encoded).toMatch(/^(?:[\x20-\x24\x26-\x7e]|%[\dA-F]{2})*$/);
        expect(decodeURIComponent(encoded)).toBe(text);
      }),
    );
    expect(encodeGrpcMessage("\ud800")).toBe("%EF%BF%BD");
    expect(encodeGrpcMessage("100% naïve\n")).toBe("100%25 na%C3%AFve%0A");
  });
});

describe("grpc-timeout", () => {
  it.each([
    [undefined, Number.POSITIVE_INFINITY],
    ["1H", 3_600_000],
    ["2M", 120_000],
    ["3S", 3_000],
    ["4m", 4],
    ["5000u", 5],
    ["99999999n", 99.999999],
    ["99999999H", 359_999_996_400_000],
    ["0n", 0],
  ])("%s is %d ms", (header, milliseconds) => {
    expect(readGrpcTimeout(header)).toBeCloseTo(milliseconds as number, 6);
  });

  it.each(["", "1", "S", "123456789S", "1s", "-1S", "1.5S", " 1S", "1S ", "1 S", "1SS", "0x1S"])(
    "%j is refused",
    (header) => {
      expect(() => readGrpcTimeout(header)).toThrow("grpc-timeout must be 1 to 8 digits");
    },
  );
});

describe("the status", () => {
  const report = { code: "aborted", message: "", details: [] } as const;

  it("has no message and no details if there are none", () => {
    expect(toStatusFields(report)).toEqual({ "grpc-status": "10" });
  });

  it("has details in base64 without padding", () => {
    const details = [{ typeName: "a.B", value: Uint8Array.of(8, 1) }];
    const bytes = toStatusFields({ ...report, details })["grpc-status-details-bin"];
    expect(bytes).toMatch(/^[\w+/]+$/);
    expect(Buffer.from(bytes ?? "", "base64").toString("latin1")).toContain("type.googleapis.com/a.B");
  });

  it("has details as ProtoJSON, too, for clients that send JSON", () => {
    const details = [
      { typeName: "a.B", value: Uint8Array.of(8, 1), json: { name: "ï" } },
      { typeName: "a.C", value: Uint8Array.of(8, 1) },
    ];
    const bytes = toStatusFields({ ...report, details }, "json")["potter-status-details-bin"];
    expect(bytes).toMatch(/^[\w+/]+$/);
    expect(JSON.parse(Buffer.from(bytes ?? "", "base64").toString())).toEqual([
      { type: "a.B", json: { name: "ï" } },
      { type: "a.C" },
    ]);
    expect(Object.keys(toStatusFields({ ...report, details }, "proto"))).not.toContain("potter-status-details-bin");
  });

  it("is no larger than clients accept headers", () => {
    const details = [{ typeName: "a.B", value: new Uint8Array(10_000), json: "b".repeat(10_000) }];
    const fields = toStatusFields({ ...report, message: "ï".repeat(5_000), details }, "json");
    expect(fields["grpc-status-details-bin"]).toBeUndefined();
    expect(fields["potter-status-details-bin"]).toBeUndefined();
    expect(fields["grpc-message"]?.length).toBeLessThanOrEqual(2048);
    expect(fields["grpc-message"]).toMatch(/^(?:%C3%AF)+(?:%C3)?$/);
  });
});
