import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "orval";
import type { ApiDocument } from "./document.js";
import type { ClientGenerator } from "./tool.js";

/** The client that Orval writes for fetch. */
export const orval: ClientGenerator = {
  name: "orval",
  versions: ["3.0", "3.1", "3.2"],
  kind: "client generator",
  except: [
    {
      problem: /'(get)?(decidedCases(ToString)|cases(GetItem|Delete|Constructor))(Url|Response\w*)?'/i,
      why: "it names types by operations in one spelling, and rpcs may differ in their case only",
      contract: "hostile-names",
    },
  ],
  write: writeOrval,
};

/** Writes the client as `client.ts` to a folder. */
export async function writeOrval({ text }: ApiDocument, folder: string): Promise<void> {
  const input = join(folder, "openapi.json");
  await writeFile(input, text);
  const client = join(folder, "client.ts");
  await generate({ input: { target: input }, output: { target: client, client: "fetch" } });
  // orval prints its errors and does not return them to callers.
  if (!existsSync(client)) throw new Error("orval wrote no client");
}
