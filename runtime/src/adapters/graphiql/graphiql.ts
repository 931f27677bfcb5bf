import { PotterError } from "../../errors/index.js";
import type { HttpRequest, HttpRoutes } from "../../http/index.js";
import { PageTargets } from "../pages/index.js";
import { assetNames, checkPackage, loadAssets } from "./assets.js";
import { createInitializer, createPage } from "./page.js";

/** The options of GraphiQL. */
export interface GraphiQLOptions {
  /** Default: `GraphiQL`. */
  readonly title?: string;
  /** The initial content of the editor. Default: a welcome text. */
  readonly query?: string;
  /** Headers of every request, such as the tenant in development. Everyone who opens the page can read them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Serves GraphiQL to browsers at the path of GraphQL: `graphql({ ide: graphiql() })`. For development: it shows no schema if
 * `introspection` is off. Needs the package @graphql-yoga/render-graphiql; the app does not start without it.
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
        if (asset === undefined) throw new PotterError("internal", `there is no file ${name}`);
        return asset.answer(request);
      });
    }
    return (request) => (opensPage(request, path) ? page.answer(request) : files.answer(request));
  };
}

/** Browsers accept HTML when a user opens an address; GraphQL clients do not. */
function opensPage(request: HttpRequest, path: string): boolean {
  if (request.path !== path || (request.method !== "GET" && request.method !== "HEAD")) return false;
  return /(^|,)\s*text\/html\s*(;|,|$)/i.test(request.header("accept") ?? "");
}
