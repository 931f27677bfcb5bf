import { describe, expect, it } from "vitest";
import { PotterError } from "../../errors/index.js";
import { LineSchema, OrderSchema } from "../../message/fixture.test.proto.js";
import { HttpError, problemResponse, readFieldPath, toJsonPointer, toProblem, toStatus } from "../index.js";

describe("toProblem", () => {
  it("reports code, status and violations", () => {
    const violations = [{ field: "main_line.sku", rule: "string.min_len", message: "too short" }];
    expect(
      toProblem(new PotterError("invalid_argument", "not valid", { violations }), {
        instance: "/x",
        correlationId: "c",
      }),
    ).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: "not valid",
      instance: "/x",
      code: "invalid_argument",
      correlationId: "c",
      violations: [{ in: "body", field: "/main_line/sku", rule: "string.min_len", message: "too short" }],
    });
  });

  it("hides the message of an error that is no PotterError", () => {
    for (const thrown of [new Error("secret"), "secret", undefined, { status: 200, message: "secret" }]) {
      const problem = toProblem(thrown);
      expect(problem).toMatchObject({ status: 500, code: "internal", title: "Internal Server Error" });
      expect(JSON.stringify(problem)).not.toContain("secret");
    }
  });

  it("hides the messages of codes that are meant for the operator, unless they are meant for clients", () => {
    for (const code of ["internal", "unknown", "data_loss"] as const) {
      expect(JSON.stringify(toProblem(new PotterError(code, "secret")))).not.toContain("secret");
      expect(toProblem(new PotterError(code, "open", { confidential: false })).detail).toBe("open");
    }
    expect(toProblem(new PotterError("aborted", "open")).detail).toBe("open");
    expect(JSON.stringify(toProblem(new PotterError("aborted", "secret", { confidential: true })))).not.toContain(
      "secret",
    );
  });

  it("writes an error without a JSON object as Any does", () => {
    const error = new PotterError("aborted", "late", {
      detail: { typeName: "google.protobuf.Timestamp", json: "2024-01-01T00:00:00Z" },
    });
    expect(toProblem(error).error).toEqual({ "@type": "google.protobuf.Timestamp", value: "2024-01-01T00:00:00Z" });
  });

  it("takes status and headers of an HttpError", () => {
    const response = problemResponse(new HttpError(405, "unimplemented", "no", { headers: { allow: "GET" } }));
    expect(response.status).toBe(405);
    expect(response.headers).toMatchObject({
      allow: "GET",
      "content-type": "application/problem+json",
      "cache-control": "no-store",
    });
  });

  it("ignores headers of an error that is no PotterError", () => {
    expect(problemResponse({ headers: { "set-cookie": "a" } }).headers).not.toHaveProperty("set-cookie");
  });

  it("knows a status for every code", () => {
    expect([
      toStatus("not_found"),
      toStatus("already_exists"),
      toStatus("unauthenticated"),
      toStatus("cancelled"),
    ]).toEqual([404, 409, 401, 499]);
  });
});

describe("toJsonPointer", () => {
  it.each([
    ["", ""],
    ["unit_price", "/unitPrice"],
    ['labels["a/b.c~[0]"]', "/labels/a~1b.c~0[0]"],
    ["nope.x", "/nope/x"],
  ])("%s → %s", (path, pointer) => {
    expect(toJsonPointer(LineSchema, readFieldPath(path))).toBe(pointer);
  });

  it("leads through messages, and past oneofs", () => {
    const pointer = (path: string) => toJsonPointer(OrderSchema, readFieldPath(path));
    expect(pointer("lines[3].unit_price")).toBe("/lines/3/unitPrice");
    expect(pointer("by_flag[true].sku")).toBe("/byFlag/true/sku");
    expect(pointer("parent.payment")).toBe("/parent");
  });
});
