// The frames of the guide of WebSockets pass the schemas of the shop's AsyncAPI document, read as JSON Schema draft-07.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormatsModule from "ajv-formats";
import { expect, it } from "vitest";
import { emitAsyncApi, root } from "../../generator/dist/testing/index.js";
import { contracts } from "./sources.js";

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const [, shop] = contracts.find(([name]) => name === "shop") ?? [];
if (shop === undefined) throw new Error("there is no shop");
const [text = ""] = Object.values(emitAsyncApi(shop(), { format: "json", websocket: "on" }));
const document = JSON.parse(text) as { components: { messages: Record<string, object> } };
const ajv = new Ajv({ strict: false });
addFormats(ajv);
ajv.addSchema(document, "document");

const names = Object.keys(document.components.messages).filter((name) => /^potter\.v1\.|Service\./.test(name));
const guide = readFileSync(join(root, "docs/guides/websocket.md"), "utf8");
const frames = [...guide.matchAll(/^[→←] (.+)$/gm)]
  .map(([, frame = ""]) =>
    frame.replaceAll('"placedAt":"…"', '"placedAt":"2026-01-01T00:00:00Z"').replaceAll("[…]", "[]"),
  )
  .filter((frame) => !/test\.v1\.Orders/.test(frame));

/** The messages of the document whose schema a frame passes. */
const messagesOf = (frame: string): readonly string[] =>
  names.filter((name) => {
    const path = encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
    return ajv.validate(`document#/components/messages/${path}/payload`, JSON.parse(frame));
  });

it.each(frames)("a frame of the guide is described: %s", (frame) => {
  // The answer to a ping has the shape of several results.
  expect(messagesOf(frame)).not.toEqual([]);
});

it("frames that are wrong are not", () => {
  const [call = ""] = frames.filter((frame) => frame.includes("OrderService/PlaceOrder"));
  expect(messagesOf(call)).toEqual(["shop.orders.v1.OrderService.PlaceOrder"]);
  for (const [found, replacement] of [
    ['"jsonrpc":"2.0"', '"jsonrpc":"1.0"'],
    ['"quantity":1', '"quantity":"much"'],
    ["OrderService/PlaceOrder", "OrderService/Gone"],
    ['"commandId":"place-o1"', '"commandId":""'],
  ] as const) {
    expect(messagesOf(call.replace(found, replacement))).toEqual([]);
  }
});
