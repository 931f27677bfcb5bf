import type { HttpRequest, HttpRoutes } from "../../http/index.js";
import { PageTargets } from "../pages/index.js";
import { assetNames, checkPackage, loadAssets } from "./assets.js";
import { createInitializer, createPage } from "./page.js";

/** How the page begins. */
export interface GraphiQLOptions {
  /** Default: `GraphiQL`. */
  readonly title?: string;
  /** What stands in the editor at first, instead of a welcome. */
  readonly query?: string;
  /** Headers of every request, such as those of a tenant in development. The page shows them to whoever opens it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * GraphiQL for `graphql({ page: graphiql() })`: whoever opens the path in a browser gets it there. For development: it shows
 * nothing where `introspection` is off. It comes from the package @graphql-yoga/render-graphiql, which is to be installed;
 * the app does not start without.
 */
export function graphiql({
  title = "GraphiQL",
  query,
  headers = {},
}: GraphiQLOptions = {}): (path: string) => HttpRoutes {
  return (path) => {
    checkPackage();
    const options = { title, query, headers, folder: path.slice(path.lastIndexOf("/") + 1) };
    const page = createPage(options);
    const initializer = createInitializer(options);
    const files = new PageTargets();
    files.set(`${path}/initializer.js`, (request) => initializer.answer(request));
    for (const name of assetNames) {
      files.set(`${path}/${name}`, async (request) => {
        const asset = (await loadAssets()).get(name);
        if (asset === undefined) throw new Error(`there is no file ${name}`);
        return asset.answer(request);
      });
    }
    return (request) => (opensPage(request, path) ? page.answer(request) : files.answer(request));
  };
}

/** Browsers name HTML when somebody opens an address; clients of GraphQL do not. */
function opensPage(request: HttpRequest, path: string): boolean {
  if (request.path !== path || (request.method !== "GET" && request.method !== "HEAD")) return false;
  return /(^|,)\s*text\/html\s*(;|,|$)/i.test(request.header("accept") ?? "");
}
