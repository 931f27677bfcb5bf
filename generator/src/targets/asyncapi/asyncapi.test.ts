import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { compileProto, contract, emitAsyncApi } from "../../testing/index.js";
import type { AsyncApiDocument } from "./document.js";
import { toDraft07 } from "./draft-07.js";

const shop =
  contract(`option (potter.v1.openapi_document) = {title: "Shop" version: "1.0.0" summary: "S" license: {name: "MIT" identifier: "MIT"}};
service OrderService {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc Place(PlaceRequest) returns (Order) { option (potter.v1.command) = {creates: true emits: "OrderPlaced"}; }
}
message PlaceRequest { string order_id = 1; }
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
// An order was placed.
message OrderPlaced { option (potter.v1.event) = {type: "order.placed" version: 2}; string order_id = 1; Line line = 2; }
message OrderPlacedV1 { option (potter.v1.event) = {type: "order.placed" superseded_by: "OrderPlaced"}; string order = 1; }
message Line { string sku = 1; }
`);

const read = (files: Record<string, string>, base = "") => {
  const [text = ""] = Object.values(emitAsyncApi(compileProto(files), { base }));
  return load(text) as AsyncApiDocument;
};

describe("the document of events", () => {
  it("has a channel for each type, with all versions of its message", () => {
    const document = read({ "shop.proto": shop });
    expect(document).toMatchObject({
      asyncapi: "3.0.0",
      info: { title: "Shop", version: "1.0.0", license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" } },
      channels: {
        "order.placed": {
          address: "order.placed",
          title: "OrderPlaced",
          description: "An order was placed. An event of Order. Recorded before: `OrderPlacedV1`.",
          messages: {
            "shop.OrderPlaced": { $ref: "#/components/messages/shop.OrderPlaced" },
            "shop.OrderPlacedV1": { $ref: "#/components/messages/shop.OrderPlacedV1" },
          },
        },
      },
      operations: {
        "publish order.placed": {
          action: "send",
          channel: { $ref: "#/channels/order.placed" },
          messages: [{ $ref: "#/channels/order.placed/messages/shop.OrderPlaced" }],
        },
      },
    });
    expect(document.info).not.toHaveProperty("summary");
    expect(document.components.messages["shop.OrderPlacedV1"]).toMatchObject({ deprecated: true });
  });

  it("refers to channels by URIs, and omits addresses that would be misread", () => {
    const types = ["a/b~c d", "https://a.test/x#v1", "https://a.test/x_v1", "of {source}?", "100%", "ends/"];
    const events = types.map((type, at) => `message E${at} { option (potter.v1.event) = {type: "${type}"}; }`);
    const source = contract(`message A { option (potter.v1.aggregate) = {}; string a_id = 1; }\n${events.join("\n")}`);
    const { channels, operations } = read({ "shop.proto": source });
    expect(Object.fromEntries(Object.entries(channels).map(([id, { address }]) => [id, address]))).toEqual({
      "a/b~c d": "a/b~c d",
      "https://a.test/x_v1": "https://a.test/x_v1",
      "100_": undefined,
      ends_: undefined,
      "https://a.test/x_v1_2": undefined,
      "of _source__": undefined,
    });
    expect(channels["https://a.test/x_v1_2"]?.description).toBe(
      "`E1`. Its type is `https://a.test/x#v1`. An event of A.",
    );
    expect(operations["publish a/b~c d"]).toMatchObject({
      channel: { $ref: "#/channels/a~1b~0c%20d" },
      messages: [{ $ref: "#/channels/a~1b~0c%20d/messages/shop.E0" }],
    });
  });

  it("shares the schemas of OpenAPI documents", () => {
    expect(Object.keys(read({ "shop.proto": shop }).components.schemas)).toEqual([
      "shop.Line",
      "shop.OrderPlaced",
      "shop.OrderPlacedV1",
    ]);
  });

  it("takes servers from the base document", () => {
    const base = "servers: {broker: {host: broker.test, protocol: kafka}}\ninfo: {title: Ours}\n";
    expect(read({ "shop.proto": shop }, base)).toMatchObject({
      servers: { broker: { host: "broker.test", protocol: "kafka" } },
      info: { title: "Ours", version: "1.0.0" },
    });
  });

  it("is not written if there are no events", () => {
    expect(emitAsyncApi(compileProto({ "shop.proto": contract("message Order {}") }))).toEqual({});
  });

  it("is written for each file with events, if requested", () => {
    const files = {
      "a/shop.proto": shop,
      "b/none.proto": contract("message None {}").replace("package shop", "package none"),
    };
    expect(Object.keys(emitAsyncApi(compileProto(files), { output: "file", format: "json" }))).toEqual([
      "a/shop.asyncapi.json",
    ]);
  });
});

describe("the document of methods", () => {
  const chat = contract(`service ChatService {
  // Sends a message.
  rpc Send(Line) returns (Receipt) { option (potter.v1.command) = {}; }
  rpc Watch(Room) returns (stream Line) { option (potter.v1.query) = {}; }
  rpc Talk(stream Line) returns (stream Line) { option (potter.v1.command) = {}; }
}
message Room { string room_id = 1; }
message Line { string text = 1; }
message Receipt { int64 number = 1; }
`);
  const document = load(
    Object.values(emitAsyncApi(compileProto({ "chat.proto": chat }), { websocket: "on" }))[0] ?? "",
  ) as AsyncApiDocument;
  const payloadOf = (name: string) => document.components.messages[`shop.ChatService.${name}`]?.payload;
  const inChannel = (...names: readonly string[]) =>
    names.map((name) => ({ $ref: `#/channels/potter.v1.json/messages/${name}` }));

  it("has one channel, with the binding of WebSockets and its subprotocol", () => {
    expect(document.channels).toMatchObject({
      "potter.v1.json": {
        address: "/ws",
        bindings: {
          ws: { method: "GET", headers: { properties: { "Sec-WebSocket-Protocol": { const: "potter.v1.json" } } } },
        },
      },
    });
  });

  it("has an operation for each method, with its replies", () => {
    expect(document.operations["call shop.ChatService.Send"]).toEqual({
      title: "Send",
      description: "Sends a message.",
      action: "receive",
      channel: { $ref: "#/channels/potter.v1.json" },
      messages: inChannel("shop.ChatService.Send"),
      tags: [{ name: "shop.ChatService" }],
      reply: {
        channel: { $ref: "#/channels/potter.v1.json" },
        messages: inChannel("shop.ChatService.Send.result", "potter.v1.error"),
      },
    });
    expect(document.operations["call shop.ChatService.Talk"]).toMatchObject({
      messages: inChannel("shop.ChatService.Talk", "shop.ChatService.Talk.sent"),
      reply: { messages: inChannel("shop.ChatService.Talk.item", "shop.ChatService.Talk.result", "potter.v1.error") },
    });
  });

  it("describes frames, correlated by the id of the call", () => {
    expect(document.components.messages["shop.ChatService.Send"]).toMatchObject({
      correlationId: { location: "$message.payload#/id" },
      payload: {
        properties: {
          method: { const: "shop.ChatService/Send" },
          params: {
            items: [{ $ref: "#/components/schemas/shop.Line" }, { $ref: "#/components/schemas/potter-call-metadata" }],
          },
        },
      },
    });
    expect(payloadOf("Send.result")).toMatchObject({
      properties: { result: { properties: { response: { $ref: "#/components/schemas/shop.Receipt" } } } },
    });
    expect(payloadOf("Talk")).toMatchObject({ properties: { params: { items: [{ type: "null" }, {}] } } });
    expect(document.components.messages["shop.ChatService.Watch.item"]).toMatchObject({
      correlationId: { location: "$message.payload#/params/0" },
    });
  });

  it("is written for services only if requested, and takes its address from the base document", () => {
    const request = compileProto({ "chat.proto": chat });
    expect(emitAsyncApi(request)).toEqual({});
    const base = "channels: {potter.v1.json: {address: /live}}\n";
    const [text = ""] = Object.values(emitAsyncApi(request, { websocket: "on", base }));
    expect((load(text) as AsyncApiDocument).channels["potter.v1.json"]?.address).toBe("/live");
  });
});

describe("toDraft07", () => {
  it("leaves no siblings of a reference, at any depth", () => {
    const described = { $ref: "#/a", description: "A" };
    const moved = { description: "A", allOf: [{ $ref: "#/a" }] };
    expect(toDraft07({ properties: { a: described, $ref: { type: "string" } }, oneOf: [{ not: described }] })).toEqual({
      properties: { a: moved, $ref: { type: "string" } },
      oneOf: [{ not: moved }],
    });
    expect(toDraft07({ items: { $ref: "#/a" }, additionalProperties: false })).toEqual({
      items: { $ref: "#/a" },
      additionalProperties: false,
    });
  });
});
