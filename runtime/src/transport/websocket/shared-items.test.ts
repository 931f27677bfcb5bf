import { expect, it } from "vitest";
import { withStreamItemId } from "../../cqrs/index.js";
import type { SharedMessage } from "../../http/index.js";
import { SharedItems } from "./shared-items.js";

interface Item {
  n: number;
}

/** The items of a method with so many streams. `written` has what was written. */
function open(streams: number) {
  const shared = new SharedItems();
  for (let at = 0; at < streams; at++) shared.join();
  const written: number[] = [];
  const write = (item: unknown): string => {
    written.push((item as Item).n);
    return JSON.stringify(item);
  };
  const frame = (item: unknown, id = "1") => shared.frame(id, item, write);
  const paramsOf = (message: string | SharedMessage) =>
    JSON.parse(typeof message === "string" ? message : message.text).params;
  return { shared, written, frame, paramsOf };
}

it("writes an item once more for all streams after the first", () => {
  const { written, frame, paramsOf } = open(4);
  const item = { n: 1 };
  const frames = [frame(item), frame(item), frame(item), frame(item, "2")];
  expect(frames.map(paramsOf)).toEqual([
    [1, { n: 1 }],
    [1, { n: 1 }],
    [1, { n: 1 }],
    [2, { n: 1 }],
  ]);
  expect(written).toEqual([1, 1]);
  expect(frames[2]).toBe(frames[1]);
  expect(frames[3]).not.toBe(frames[1]);
});

it("writes an item again that has changed, or has another position", () => {
  const { frame, paramsOf } = open(2);
  const item = { n: 1 };
  frame(item);
  frame(item);
  item.n = 2;
  expect(paramsOf(frame(item))).toEqual([1, { n: 2 }]);
  withStreamItemId(item, "p");
  expect(paramsOf(frame(item))).toEqual([1, { n: 2 }, "p"]);
  expect(paramsOf(frame(item))).toEqual([1, { n: 2 }, "p"]);
});

it("writes each time what cannot be compared", () => {
  const { written, frame } = open(2);
  const item = { n: 1, map: new Map() };
  for (let at = 0; at < 3; at++) frame(item);
  expect(written).toEqual([1, 1, 1]);
});

it("keeps no item while fewer than two streams run, and only the last ones otherwise", () => {
  const { shared, written, frame } = open(1);
  const item = { n: 1 };
  frame(item);
  frame(item);
  frame(item);
  expect(written).toEqual([1, 1, 1]);
  shared.join();
  frame(item);
  frame(item);
  frame(item);
  expect(written).toHaveLength(5);
  for (let n = 2; n < 6; n++) frame({ n });
  frame(item);
  expect(written).toHaveLength(10);
  frame(item);
  shared.leave();
  shared.join();
  frame(item);
  expect(written).toHaveLength(12);
});

it("keeps a bounded number of frames", () => {
  const { frame, written } = open(2);
  const item = { n: 1 };
  const ids = Array.from({ length: 30 }, (_, at) => String(at));
  for (const id of ["0", ...ids]) frame(item, id);
  const again = ids.filter((id) => typeof frame(item, id) !== "string");
  expect(again).toHaveLength(16);
  expect(written).toEqual([1, 1]);
});
