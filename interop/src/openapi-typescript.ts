import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import type { ApiDocument } from "./document.js";
import { listOperations } from "./operations.js";
import type { ClientGenerator } from "./tool.js";

/** openapi-typescript generates types; openapi-fetch calls every operation through them. */
export const openapiTypescript: ClientGenerator = {
  name: "openapi-typescript and openapi-fetch",
  versions: ["3.0", "3.1", "3.2"],
  kind: "client generator",
  except: [
    {
      problem: /Cannot convert undefined or null to object/,
      why: "its reference resolver mistakes a property named hasOwnProperty for the method of JavaScript",
      contract: "hostile-names",
    },
  ],
  async write(document, folder) {
    const types = astToString(await openapiTS({ ...structuredClone(document.value) } as OpenAPI3, { silent: true }));
    await writeFile(join(folder, "types.ts"), types);
    await writeFile(join(folder, "client.ts"), printCalls(document));
  },
};

/** Prints calls without arguments of any type: the compiler checks the path and the method. */
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
