import { Resource } from "../pages/index.js";

/** The parts of GraphiQL, as the package has them: each is a string in one module. */
type Part = "js" | "css" | "favicon" | "editorWorkerService" | "jsonWorker" | "graphqlWorker";

const script = "text/javascript; charset=utf-8";

/** The files that the page needs, and no others. */
const files: Readonly<Record<string, readonly [part: Part, contentType: string]>> = {
  "graphiql.js": ["js", script],
  "graphiql.css": ["css", "text/css; charset=utf-8"],
  "editor.worker.js": ["editorWorkerService", script],
  "json.worker.js": ["jsonWorker", script],
  "graphql.worker.js": ["graphqlWorker", script],
};

export const assetNames: readonly string[] = Object.keys(files);

/** Throws if the package is not installed. */
export function checkPackage(): void {
  try {
    import.meta.resolve("@graphql-yoga/render-graphiql/graphiql");
  } catch (cause) {
    throw new Error("GraphiQL needs the package @graphql-yoga/render-graphiql: npm install it", { cause });
  }
}

let loaded: Promise<ReadonlyMap<string, Resource>> | undefined;

/** The files by their names. They are large, so they are read when the page is first opened. */
export function loadAssets(): Promise<ReadonlyMap<string, Resource>> {
  loaded ??= load().catch((error: unknown) => {
    // Whoever asks next tries again.
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
