// Every body that Swagger UI shows as an example is what the service takes: made up by its own sampler in a real browser, and
// checked by the codec that reads requests and by the validation rules.
import type { JsonValue } from "@bufbuild/protobuf";
import { createApp } from "@potter/runtime";
import { serve } from "@potter/runtime/node";
import { swaggerUi } from "@potter/runtime/swagger-ui";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { otherContracts, truthContract } from "../instances/contract.js";
import { type Document, directions, documentOf, mediaOf } from "../instances/documents.js";
import { Oracle } from "../instances/oracle.js";
import { findChromium, openPage } from "./chromium.mjs";

const program = findChromium();
if (program === undefined)
  process.stderr.write("\n*** SKIPPED: there is no Chromium, the examples of Swagger UI are not tried out\n\n");

/** Messages with rules that no schema keyword expresses: generated examples for them are refused by chance. */
const beyondKeywords: readonly string[] = ["truth.v1.FieldCel", "truth.v1.BytesAffixes"];

const contracts = [truthContract(), ...otherContracts()];

describe.skipIf(program === undefined).each(["3.0", "3.1"] as const)(
  "examples that Swagger UI shows of %s",
  (version) => {
    let sample: (schemas: readonly object[]) => Promise<readonly string[]>;
    let stop: () => Promise<void>;

    beforeAll(async () => {
      const openapi = version === "3.0" ? "3.0.3" : "3.1.1";
      const document = { openapi, info: { title: "", version: "" }, paths: {} };
      const server = await serve(createApp({ parts: [], transports: [swaggerUi({ document })] }));
      const { page, close } = await openPage(String(program), { width: 1200, height: 900 });
      await page.goto(`${server.url}/docs/`);
      await page.waitForSelector(".info .version-stamp");
      sample = (schemas) =>
        page.evaluate(
          ({ all, is30, spec }) => {
            const { fn } = SwaggerUIBundle({ spec, domNode: globalThis.document.createElement("div") });
            const sampler = is30 ? fn.jsonSchema5 : fn.jsonSchema202012;
            return all.map((one) => JSON.stringify(sampler.sampleFromSchema(one, { includeWriteOnly: true })));
          },
          { all: schemas, is30: version === "3.0", spec: document },
        );
      stop = () => close().then(() => server.stop());
    });

    afterAll(() => stop?.());

    it.each(contracts)("for the messages of $name are taken by the service", async (contract) => {
      const document = documentOf(contract, version);
      const bodies = contract.messages.flatMap((desc, index) =>
        directions.map((direction) => ({ desc, direction, media: mediaOf(document, index, direction) })),
      );
      const unsaid = bodies.filter(({ media }) => media.example === undefined);
      const made = await sample(unsaid.map(({ media }) => dereference(media.schema, document)));
      const faults: string[] = [];
      for (const { desc, direction, media } of bodies) {
        const at = unsaid.findIndex((one) => one.media === media);
        const json = at < 0 ? media.example : (JSON.parse(made[at] ?? "") as JsonValue);
        const verdict = (await Oracle.create(desc)).decide(json as JsonValue);
        if (!verdict.refused || beyondKeywords.includes(desc.typeName)) continue;
        const why = [...verdict.rules, ...verdict.reasons].join();
        faults.push(`${desc.typeName} (${direction}${at < 0 ? "" : ", made up"}): ${why}: ${JSON.stringify(json)}`);
      }
      expect(faults).toEqual([]);
    });
  },
);

/** Swagger UI, as the script of its package has it. */
declare function SwaggerUIBundle(options: { readonly spec: object; readonly domNode: Element }): {
  readonly fn: { readonly jsonSchema5: Sampler; readonly jsonSchema202012: Sampler };
};

interface Sampler {
  sampleFromSchema(schema: object, config: object): unknown;
}

/** A schema with what it refers to, and all that must hold of it, in one, as Swagger UI has it; a circle ends in a reference. */
function dereference(schema: unknown, document: Document, within: readonly string[] = []): object {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    return typeof value === "object" && value !== null ? dereference(value, document, within) : value;
  };
  const { $ref, ...rest } = schema as { readonly $ref?: string };
  const { allOf = [], ...own } = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, walk(value)]));
  const beside: object = Object.assign({}, ...(allOf as object[]), own);
  if ($ref === undefined || within.includes($ref)) return $ref === undefined ? beside : { $ref };
  const target = document.components.schemas[$ref.slice("#/components/schemas/".length)];
  return { ...dereference(target, document, [...within, $ref]), ...beside };
}
