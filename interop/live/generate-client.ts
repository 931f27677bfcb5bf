import { mkdirSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { shopDocumentFile } from "./shop-document.js";

/** Where the client's types are written; not checked in. */
export const clientFile: URL = new URL("gen/shop.ts", import.meta.url);

/** Writes the types of openapi-fetch's client from the shop's document, as a user of the API would. */
export async function generateClient(): Promise<void> {
  mkdirSync(new URL(".", clientFile), { recursive: true });
  writeFileSync(clientFile, astToString(await openapiTS(shopDocumentFile)));
}
