import { Resource } from "../pages/index.js";

/** The options of the page. */
export interface PageOptions {
  readonly title: string;
  readonly query: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The folder of its files, relative to the page. */
  readonly folder: string;
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  // The editor writes its styles into the page.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** Creates the page, which loads only files of its folder. */
export function createPage({ title, folder }: PageOptions): Resource {
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${toText(title)}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${folder}/graphiql.css">
  </head>
  <body class="no-focus-outline">
    <div id="root"></div>
    <script src="${folder}/graphiql.js"></script>
    <script src="${folder}/initializer.js"></script>
  </body>
</html>
`;
  return new Resource("text/html; charset=utf-8", html, {
    "content-security-policy": policy,
    "referrer-policy": "no-referrer",
    // The same path serves GraphQL to other clients.
    vary: "accept",
  });
}

/** Creates the script that starts GraphiQL. It is a file of its own, so that the page needs no inline script. */
export function createInitializer({ title, query, headers }: PageOptions): Resource {
  const config = {
    title,
    additionalHeaders: headers,
    ...(query !== undefined && { defaultQuery: query }),
    subscriptionsProtocol: "SSE",
  };
  return new Resource(
    "text/javascript; charset=utf-8",
    `"use strict";
const folder = new URL(".", document.currentScript.src);
const workers = { json: "json.worker.js", graphql: "graphql.worker.js" };
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => new URL(workers[label] ?? "editor.worker.js", folder).href,
};
YogaGraphiQL.renderYogaGraphiQL(document.getElementById("root"), {
  ...${JSON.stringify(config, undefined, 2)},
  endpoint: location.pathname,
});
`,
  );
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function toText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
