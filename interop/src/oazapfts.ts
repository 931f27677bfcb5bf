import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateSource } from "oazapfts";
import { compileClient } from "./compile-client.js";
import type { ApiDocument } from "./document.js";
import type { Tool } from "./tool.js";

/** The functions that oazapfts writes, with the answers of each status as a union. */
export const oazapfts: Tool = {
  name: "oazapfts",
  versions: ["3.0", "3.1"],
  weight: "heavy",
  check(document) {
    return compileClient((folder) => writeOazapfts(document, folder));
  },
};

/** Writes the client as `client.ts` to a folder. Descriptions lose the end of a comment, which oazapfts does not escape. */
export async function writeOazapfts({ text }: ApiDocument, folder: string): Promise<void> {
  const input = join(folder, "openapi.json");
  await writeFile(input, text.replaceAll("*/", "* /"));
  await writeFile(join(folder, "client.ts"), await generateSource(input));
}
