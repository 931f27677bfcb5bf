import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { load } from "js-yaml";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../app/index.js";
import { silentLogger } from "../../cqrs/index.js";
import { fetchHandler, firstOf } from "../../http/index.js";
import { document, open, yamlText } from "./swagger-ui.fixture.js";
import { type SwaggerUiOptions, swaggerUi } from "./swagger-ui.js";

const folder = mkdtempSync(join(tmpdir(), "potter-swagger-ui-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.doUnmock("js-yaml");
});

describe("the document", () => {
  it("is served as JSON and as YAML, whatever its source format", async () => {
    for (const given of [document, JSON.stringify(document), `\uFEFF${JSON.stringify(document)}`, yamlText]) {
      const call = open({ document: given });
      const [json, yaml] = [await call("/openapi.json"), await call("/openapi.yaml")];
      expect([json.status, json.headers.get("content-type")]).toEqual([200, "application/json"]);
      expect([yaml.status, yaml.headers.get("content-type")]).toEqual([200, "application/yaml"]);
      expect(await json.json()).toEqual(document);
      const text = await yaml.text();
      expect(text.startsWith("{")).toBe(false);
      expect(load(text)).toEqual(document);
    }
  });

  it("keeps its text in its source format", async () => {
    expect(await (await open({ document: yamlText })("/openapi.yaml")).text()).toBe(yamlText);
    expect(await (await open({ document: '{"openapi":"3.1.0"  }' })("/openapi.json")).text()).toBe(
      '{"openapi":"3.1.0"  }',
    );
  });

  it("needs the package js-yaml only to convert between formats", async () => {
    vi.doMock("js-yaml", () => {
      throw new Error("Cannot find package 'js-yaml'");
    });
    const error = vi.fn();
    const dispatch = () => Promise.reject(new Error("documents call nothing"));
    const host = { methods: [], logger: { ...silentLogger, error }, dispatch };
    const handle = fetchHandler(firstOf([swaggerUi({ document: yamlText }).mount(host)]));
    expect((await handle(new Request("http://shop/openapi.yaml"))).status).toBe(200);
    const refused = await handle(new Request("http://shop/openapi.json"));
    expect([refused.status, await refused.json()]).toEqual([
      501,
      expect.objectContaining({
        detail: "this server cannot convert the document to JSON: install the package js-yaml",
      }),
    ]);
    expect(error).toHaveBeenCalledOnce();
  });

  it("is read from its file once, when the app starts", async () => {
    const file = join(folder, "read.yaml");
    writeFileSync(file, yamlText);
    for (const source of [file, pathToFileURL(file)]) {
      const call = open({ file: source });
      expect(await (await call("/openapi.yaml")).text()).toBe(yamlText);
      writeFileSync(file, "changed: true\n");
      expect(await (await call("/openapi.yaml")).text()).toBe(yamlText);
      writeFileSync(file, yamlText);
    }
  });

  it("is reported missing when the app starts, with a fix", async () => {
    const file = join(folder, "none.yaml");
    const start = (options: SwaggerUiOptions) => createApp({ parts: [], transports: [swaggerUi(options)] }).start();
    await expect(start({ file })).rejects.toThrow(
      `the OpenAPI document ${file} does not exist: generate it first, or correct \`file\``,
    );
    await expect(start({ file: folder })).rejects.toThrow("cannot be read");
    await expect(start({ document: " \n" })).rejects.toThrow("is empty");
    await expect(start({ document: '{"openapi":' })).rejects.toThrow("starts like JSON and is not valid");
  });
});
