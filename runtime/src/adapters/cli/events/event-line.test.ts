import { describe, expect, it } from "vitest";
import type { RecordedEvent } from "../../../store/ports/index.js";
import { readLines } from "../terminal/index.js";
import { fromEventLine, LineError, toEventLine } from "./event-line.js";

const event: RecordedEvent = {
  id: "01a21697-03fc-77d9-b7ab-b0c293045f66",
  position: 12,
  stream: { tenant: "acme", type: "order", id: "a/\u2028\n" },
  version: 3,
  type: "order.placed",
  schemaVersion: 2,
  at: Date.UTC(2026, 10, 26, 8, 0, 0, 7),
  correlationId: "c",
  causationId: "",
  metadata: { user: "ada" },
  bytes: Uint8Array.from({ length: 256 }, (_, i) => i),
};

describe("event lines", () => {
  it("round-trip", () => {
    const line = toEventLine(event, { orderId: "1" });
    expect(line).not.toContain("\n");
    expect(JSON.parse(line)).toMatchObject({ at: "2026-11-26T08:00:00.007Z", json: { orderId: "1" } });
    expect(fromEventLine(line)).toEqual(event);
  });

  it.each([
    ["{", /^invalid JSON \(/],
    ["[]", /^the line must be an object, not \[\]$/],
    [{ id: "12" }, /^id must be a UUID, not "12"$/],
    [{ position: 0 }, /^position must be a whole number of at least 1, not 0$/],
    [{ stream: { tenant: "", type: "", id: "x" } }, /^stream.type must be a non-empty string, not ""$/],
    [{ version: "1" }, /^version must be a whole number of at least 1, not "1"$/],
    [{ at: "yesterday" }, /^at must be a time such as/],
    [{ metadata: { a: 1 } }, /^metadata.a must be a string, not 1$/],
    [{ bytes: "a-b_" }, /^bytes must be base64, not "a-b_"$/],
    [{ bytes: undefined }, /^bytes must be base64, but is missing$/],
  ])("are rejected with the name of the invalid field: %j", (change, message) => {
    const line = typeof change === "string" ? change : JSON.stringify({ ...JSON.parse(toEventLine(event)), ...change });
    expect(() => fromEventLine(line)).toThrow(LineError);
    expect(() => fromEventLine(line)).toThrow(message);
  });
});

describe("readLines", () => {
  const read = async (...pieces: readonly (string | Uint8Array)[]) => {
    const lines = [];
    const source = (async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    })();
    for await (const line of readLines(source)) lines.push([line.number, line.text]);
    return lines;
  };

  it("splits lines wherever chunks end, also within a character", async () => {
    const bytes = Buffer.from("é1\r\n\n é2\né3");
    const expected = [
      [1, "é1"],
      [3, " é2"],
      [4, "é3"],
    ];
    for (let at = 0; at <= bytes.length; at++) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(expected);
    }
  });

  it("rejects invalid UTF-8 with the line number", async () => {
    await expect(read("a\n", Uint8Array.of(0xff))).rejects.toThrow("line 2 is not UTF-8 text: is this an export file?");
  });
});
