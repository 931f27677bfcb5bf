import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { compileClient } from "./compile-client.js";
import type { ApiDocument } from "./document.js";
import { listOperations } from "./operations.js";
import type { Tool } from "./tool.js";

/** openapi-typescript writes types, openapi-fetch calls every operation by them, and all of it compiles. */
export const openapiTypescript: Tool = {
  name: "openapi-typescript and openapi-fetch",
  versions: ["3.0", "3.1", "3.2"],
  weight: "heavy",
  except: [
    {
      problem: /Cannot convert undefined or null to object/,
      why: "its resolver of references takes a property named hasOwnProperty for the method of JavaScript",
      contract: "hostile-names",
    },
  ],
  async check(document) {
    const types = astToString(await openapiTS({ ...structuredClone(document.value) } as OpenAPI3, { silent: true }));
    return compileClient(async (folder) => {
      await writeFile(join(folder, "types.ts"), types);
      await writeFile(join(folder, "client.ts"), printCalls(document));
    });
  },
};

/** Calls whose arguments may be anything: that path and verb are known is what the compiler looks at. */
function printCalls({ value }: ApiDocument): string {
  const calls = listOperations(value).map(
    ({ method, path }) => `client.${method.toUpperCase()}(${JSON.stringify(path)}, {} as never),`,
  );
  return [
    `import createClient from "openapi-fetch";`,
    `import type { paths } from "./types";`,
    `const client = createClient<paths>({ baseUrl: "https://api.potter.test" });`,
    `export const calls = () => [\n${calls.join("\n")}\n];\n`,
  ].join("\n");
}
