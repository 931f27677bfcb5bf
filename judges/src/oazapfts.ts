import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateSource } from "oazapfts";
import { compileClient } from "./compile-client.js";
import type { JudgedDocument } from "./document.js";
import type { Judge } from "./judge.js";

/** The functions that oazapfts writes, with the answers of each status as a union. */
export const oazapfts: Judge = {
  name: "oazapfts",
  versions: ["3.0", "3.1"],
  weight: "heavy",
  except: [
    {
      complaint: /error TS(1005|1109|1128|1131|1434|7008):/,
      why: "a description that holds the end of a comment, as names such as folders/*/notes do, ends the comment that it writes",
      contract: "unannotated",
    },
  ],
  judge(document) {
    return compileClient((folder) => writeOazapfts(document, folder));
  },
};

/** Writes the client as `client.ts` to a folder. */
export async function writeOazapfts({ text }: JudgedDocument, folder: string): Promise<void> {
  const input = join(folder, "openapi.json");
  await writeFile(input, text);
  await writeFile(join(folder, "client.ts"), await generateSource(input));
}
