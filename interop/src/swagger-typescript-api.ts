import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateApi } from "swagger-typescript-api";
import type { ApiDocument } from "./document.js";
import type { ClientGenerator } from "./tool.js";

/** The class that swagger-typescript-api writes, with the errors of each operation as a type. */
export const swaggerTypescriptApi: ClientGenerator = {
  name: "swagger-typescript-api",
  versions: ["3.0", "3.1", "3.2"],
  kind: "client generator",
  except: [
    {
      problem: /error TS(1005|1109|1160|1359):/,
      why: "it takes a custom verb such as `:export` for a parameter of that name, which may be a reserved word",
      contract: "unannotated",
    },
  ],
  write: writeSwaggerTypescriptApi,
};

/** Writes the client as `client.ts` to a folder. */
export async function writeSwaggerTypescriptApi({ value }: ApiDocument, folder: string): Promise<void> {
  const { files } = await generateApi({ spec: structuredClone(value), output: false, silent: true });
  const [client] = files;
  if (client === undefined) throw new Error("swagger-typescript-api wrote no client");
  await writeFile(join(folder, "client.ts"), client.fileContent);
}
