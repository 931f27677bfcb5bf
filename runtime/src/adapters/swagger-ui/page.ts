import { Resource } from "../pages/index.js";

/** The options of the page. */
export interface PageOptions {
  /** The path of the document, relative to the page. */
  readonly document: string;
  /** Settings of Swagger UI. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Other origins that the page may call. */
  readonly connectTo: readonly string[];
}

/** Creates the page, which loads only files next to it. */
export function createPage({ connectTo }: PageOptions): Resource {
  return new Resource("text/html; charset=utf-8", html, {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      ["connect-src 'self'", ...connectTo].join(" "),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ].join("; "),
    "referrer-policy": "no-referrer",
  });
}

/** Creates the script that starts Swagger UI. It is a file of its own, so that the page needs no inline script. */
export function createInitializer({ document, settings }: PageOptions): Resource {
  const config = {
    deepLinking: true,
    ...settings,
    url: document,
    dom_id: "#swagger-ui",
    // By default Swagger UI sends the document to a validator on the internet.
    validatorUrl: null,
  };
  return new Resource(
    "text/javascript; charset=utf-8",
    `"use strict";
const config = ${JSON.stringify(config, undefined, 2)};
config.onComplete = () => {
  const title = ui.specSelectors.info().get("title");
  if (title) document.title = title;
};
config.oauth2RedirectUrl = new URL("oauth2-redirect.html", location.href).href;
const ui = SwaggerUIBundle(config);
`,
  );
}

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API</title>
    <link rel="stylesheet" href="swagger-ui.css">
    <link rel="stylesheet" href="index.css">
    <link rel="icon" type="image/png" href="favicon-32x32.png" sizes="32x32">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="initializer.js"></script>
  </body>
</html>
`;
