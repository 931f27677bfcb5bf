import { describe, expect, it } from "vitest";
import { consoleLogger } from "./console-logger.js";

function log(fields: Record<string, unknown>): Record<string, unknown> {
  let line = "";
  consoleLogger({ write: (text) => (line = text) }).info("hello", fields);
  expect(line.endsWith("\n")).toBe(true);
  return JSON.parse(line) as Record<string, unknown>;
}

describe("consoleLogger", () => {
  it("writes one JSON object per line", () => {
    expect(log({ a: 1 })).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: "info",
      message: "hello",
      a: 1,
    });
  });

  it("writes errors with their causes, bigints, and circular references", () => {
    const error = new Error("outer", { cause: new Error("inner") });
    (error.cause as Error).cause = error;
    const circle: Record<string, unknown> = { n: 5n };
    circle["self"] = circle;
    const entry = log({ error, circle, again: [circle] });
    expect(entry["error"]).toMatchObject({
      name: "Error",
      message: "outer",
      cause: { message: "inner", cause: "[circular]" },
    });
    expect(entry["circle"]).toEqual({ n: "5", self: "[circular]" });
    expect(entry["again"]).toEqual([{ n: "5", self: "[circular]" }]);
  });

  it("omits lines below its level", () => {
    const lines: string[] = [];
    const logger = consoleLogger({ level: "warn", write: (line) => lines.push(line) });
    logger.debug("d");
    logger.info("i");
    logger.warn("w");
    logger.error("e");
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(["w", "e"]);
  });
});
