// The judge of AsyncAPI documents must be seen to take a good document and to refuse a broken one.
import { describe, expect, it } from "vitest";
import { judgeAsyncApi } from "./asyncapi.js";
import { baseDocument } from "./base-document.js";

const versions = ["3.0.0", "3.1.0"] as const;

/** A small document, written by hand, as JSON. */
const writeGoodText = (version: string): string =>
  JSON.stringify({
    asyncapi: version,
    id: "urn:potter:judged",
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

describe.each(versions)("the judge of AsyncAPI %s", (version) => {
  const good = writeGoodText(version);

  it("has nothing against a good document", async () => {
    expect(await judgeAsyncApi(good)).toEqual([]);
  });

  it.each(Object.entries(breaks))("finds %s", async (_, [found, replacement]) => {
    const broken = good.replace(found, replacement);
    expect(broken).not.toBe(good);
    expect(await judgeAsyncApi(broken)).not.toEqual([]);
  });
});
