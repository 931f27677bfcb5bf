// The tool for AsyncAPI documents must accept a valid document and refuse a broken one.
import { describe, expect, it } from "vitest";
import { emitAsyncApi } from "../../generator/dist/testing/index.js";
import { checkAsyncApi } from "./asyncapi.js";
import { baseDocument } from "./base-document.js";
import { contracts } from "./sources.js";

const versions = ["3.0.0", "3.1.0"] as const;

/** A small document, written by hand, as JSON. */
const writeGoodText = (version: string): string =>
  JSON.stringify({
    asyncapi: version,
    id: "urn:potter:interop",
    info: { ...baseDocument.info, tags: [{ name: "Teapots", description: "Tea is kept warm in them." }] },
    defaultContentType: "application/json",
    servers: { live: { host: "api.potter.test", protocol: "https" } },
    channels: {
      teapots: { address: "teapots", messages: { TeapotFilled: { $ref: "#/components/messages/TeapotFilled" } } },
    },
    operations: {
      sendTeapotFilled: {
        action: "send",
        channel: { $ref: "#/channels/teapots" },
        messages: [{ $ref: "#/channels/teapots/messages/TeapotFilled" }],
      },
    },
    components: {
      messages: {
        TeapotFilled: { name: "TeapotFilled", payload: { $ref: "#/components/schemas/TeapotFilled" } },
      },
      schemas: { TeapotFilled: { type: "object", properties: { litres: { type: "number", minimum: 0 } } } },
    },
  });

const breaks = {
  "a reference that leads nowhere": [`"#/components/schemas/TeapotFilled"`, `"#/components/schemas/CupFilled"`],
  "a channel that there is not": [`"#/channels/teapots"`, `"#/channels/cups"`],
  "an action that there is not": [`"action":"send"`, `"action":"sent"`],
  "a type that there is not": [`"type":"number"`, `"type":"numeral"`],
  "a word that there is not": [`"defaultContentType"`, `"contentType"`],
  "no title": [`"title":`, `"x-title":`],
} as const satisfies Readonly<Record<string, readonly [found: string, replacement: string]>>;

describe.each(versions)("the tool of AsyncAPI %s", (version) => {
  const good = writeGoodText(version);

  it("accepts a valid document", async () => {
    expect(await checkAsyncApi(good)).toEqual([]);
  });

  it.each(Object.entries(breaks))("finds %s", async (_, [found, replacement]) => {
    const broken = good.replace(found, replacement);
    expect(broken).not.toBe(good);
    expect(await checkAsyncApi(broken)).not.toEqual([]);
  });
});

/** The parts of an API that users add to its events; without them the tool reports a missing id, tags and servers. */
const base = JSON.stringify({
  id: "urn:potter:interop",
  info: { ...baseDocument.info, tags: [{ name: "Events", description: "What is recorded." }] },
  servers: { broker: { host: "broker.potter.test", protocol: "kafka" } },
});

/** The documents that Potter writes of a contract. */
const writeTexts = (request: (typeof contracts)[number][1]): readonly string[] =>
  (["yaml", "json"] as const).flatMap((format) => Object.values(emitAsyncApi(request(), { base, format })));

describe("the documents of events", () => {
  it.each(contracts)("of %s are accepted by the tool", async (_, request) => {
    for (const text of writeTexts(request)) expect(await checkAsyncApi(text)).toEqual([]);
  });

  // The tool fails over a property of the name hasOwnProperty, wherever it is; another contract has the others of these names.
  it.each(contracts.filter(([name]) => name !== "hostile-names"))(
    "and methods of %s are accepted by the tool",
    async (_, request) => {
      const [text = "", ...more] = Object.values(emitAsyncApi(request(), { base, format: "json", websocket: "on" }));
      expect(more).toEqual([]);
      expect(await checkAsyncApi(text)).toEqual([]);
    },
  );

  it("are those of every contract with events", () => {
    const silent = contracts.flatMap(([name, request]) => (writeTexts(request).length === 0 ? [name] : []));
    expect(silent).toEqual(["unannotated"]);
  });
});
