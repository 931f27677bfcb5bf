import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateSource } from "oazapfts";
import type { ApiDocument } from "./document.js";
import type { ClientGenerator } from "./tool.js";

/** The functions that oazapfts writes, with the answers of each status as a union. */
export const oazapfts: ClientGenerator = {
  name: "oazapfts",
  versions: ["3.0", "3.1"],
  kind: "client generator",
  write: writeOazapfts,
};

/** Writes the client as `client.ts` to a folder. Descriptions lose the end of a comment, which oazapfts does not escape. */
export async function writeOazapfts({ text }: ApiDocument, folder: string): Promise<void> {
  const input = join(folder, "openapi.json");
  await writeFile(input, text.replaceAll("*/", "* /"));
  await writeFile(join(folder, "client.ts"), await generateSource(input));
}
