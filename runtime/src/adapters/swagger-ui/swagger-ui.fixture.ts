import { createApp } from "../../app/index.js";
import { rest } from "../../transport/rest/index.js";
import { type SwaggerUiOptions, swaggerUi } from "./swagger-ui.js";

export const document: object = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  paths: { "/no": { get: { summary: "ja" } } },
};
/** The same as YAML. */
export const yamlText: string =
  "# As it was generated.\nopenapi: 3.1.0\ninfo:\n  title: Shop\n  version: '1'\npaths:\n  /no: { get: { summary: ja } }\n";

/** The page within an app that has nothing else. */
export function open(
  options: SwaggerUiOptions = { document },
): (path: string, init?: RequestInit) => Promise<Response> {
  const app = createApp({ parts: [], transports: [swaggerUi(options), rest()] });
  return (path, init) => app.fetch(new Request(`http://shop${path}`, { redirect: "manual", ...init }));
}
