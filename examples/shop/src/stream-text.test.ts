import { expect, it } from "vitest";
import { StreamText } from "./stream-text.fixture.js";

it("reads a stream up to a condition, and fails with its name if the stream ends before", async () => {
  const stream = new StreamText(new Response("placed, shipped"));
  expect(await stream.until("placed")).toContain("placed");
  await expect(stream.until("cancelled")).rejects.toThrow(
    "the stream ended before cancelled was read; it had delivered: placed, shipped",
  );
});
