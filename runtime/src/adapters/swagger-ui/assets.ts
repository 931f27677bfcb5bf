import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PotterError } from "../../errors/index.js";
import { Resource } from "../pages/index.js";

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** The files of swagger-ui-dist that the page needs. A request can reach no other file. */
const files: Readonly<Record<string, string>> = {
  "swagger-ui-bundle.js": script,
  "swagger-ui.css": style,
  "index.css": style,
  "favicon-32x32.png": "image/png",
  "oauth2-redirect.html": "text/html; charset=utf-8",
  "oauth2-redirect.js": script,
};

/** Reads the assets into memory, by name. Throws a PotterError if the package is not installed. */
export function readAssets(): ReadonlyMap<string, Resource> {
  const folder = findPackage();
  return new Map(
    Object.entries(files).map(([name, type]) => [name, new Resource(type, readFileSync(join(folder, name)))]),
  );
}

function findPackage(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  } catch (cause) {
    const message = "Swagger UI needs the package swagger-ui-dist: npm install swagger-ui-dist";
    throw new PotterError("failed_precondition", message, { cause });
  }
}
