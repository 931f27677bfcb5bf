import { join } from "node:path";
import { createClient } from "@hey-api/openapi-ts";
import type { ApiDocument } from "./document.js";
import type { ClientGenerator } from "./tool.js";

/** The client that Hey API writes, with types, functions and fetch. */
export const heyApi: ClientGenerator = {
  name: "hey-api",
  versions: ["3.0", "3.1", "3.2"],
  kind: "client generator",
  write: writeHeyApi,
};

/** Writes the client to `client/` in a folder. */
export async function writeHeyApi({ value }: ApiDocument, folder: string): Promise<void> {
  await createClient({
    input: { ...structuredClone(value) },
    output: { path: join(folder, "client") },
    plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
    logs: { level: "silent", file: false },
  });
}
