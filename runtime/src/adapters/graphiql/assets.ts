import { PotterError } from "../../errors/index.js";
import { Resource } from "../pages/index.js";

/** The parts of GraphiQL in the package: each is a string in one module. */
type Part = "js" | "css" | "favicon" | "editorWorkerService" | "jsonWorker" | "graphqlWorker";

const script = "text/javascript; charset=utf-8";

/** The files that the page needs. */
const files: Readonly<Record<string, readonly [part: Part, contentType: string]>> = {
  "graphiql.js": ["js", script],
  "graphiql.css": ["css", "text/css; charset=utf-8"],
  "editor.worker.js": ["editorWorkerService", script],
  "json.worker.js": ["jsonWorker", script],
  "graphql.worker.js": ["graphqlWorker", script],
};

export const assetNames: readonly string[] = Object.keys(files);

/** Throws a PotterError if the package is not installed. */
export function checkPackage(): void {
  try {
    import.meta.resolve("@graphql-yoga/render-graphiql/graphiql");
  } catch (cause) {
    const message = "GraphiQL needs the package @graphql-yoga/render-graphiql: npm install it";
    throw new PotterError("failed_precondition", message, { cause });
  }
}

let loaded: Promise<ReadonlyMap<string, Resource>> | undefined;

/** Loads the files, by name. They are large, so they are loaded when the page is first opened. */
export function loadAssets(): Promise<ReadonlyMap<string, Resource>> {
  loaded ??= load().catch((error: unknown) => {
    // The next request tries again.
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<ReadonlyMap<string, Resource>> {
  const parts: Readonly<Record<Part, string>> = await import("@graphql-yoga/render-graphiql/graphiql");
  const entries = Object.entries(files);
  return new Map(entries.map(([name, [part, contentType]]) => [name, new Resource(contentType, parts[part])]));
}
