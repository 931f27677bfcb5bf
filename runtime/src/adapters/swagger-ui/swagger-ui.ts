import { answerProblem, type HttpRoutes, type Transport, type TransportHost } from "../../http/index.js";
import { type PageTarget, PageTargets, type Resource, redirectToFolder } from "../pages/index.js";
import { readAssets } from "./assets.js";
import { DocumentForms, type Form, readDocument } from "./document.js";
import { createInitializer, createPage } from "./page.js";

/** Where the OpenAPI document comes from. */
export type SwaggerUiSource =
  | {
      /** The document: an object, or the text of one, YAML or JSON. */
      readonly document: object | string;
      readonly file?: never;
    }
  | {
      /** The file of the document, YAML or JSON. It is read once, when the app starts. */
      readonly file: URL | string;
      readonly document?: never;
    };

/** Settings of Swagger UI itself, such as `{ tryItOutEnabled: true }`: those of its documentation that are JSON. */
export interface SwaggerUiSettings {
  readonly [name: string]: unknown;
}

/** How the page is served. */
export type SwaggerUiOptions = SwaggerUiSource & {
  /** The path of the page. Default: `/docs`. */
  readonly path?: string;
  /** The path of the document, to which `.json` and `.yaml` are added. Default: `/openapi`. */
  readonly documentPath?: string;
  /** Origins besides its own that the page may call, such as `https://api.example.com`. Default: none. */
  readonly connectTo?: readonly string[];
  /** Default: those of Swagger UI, and `deepLinking`. `url`, `urls`, `dom_id` and `validatorUrl` are not for setting. */
  readonly settings?: SwaggerUiSettings;
};

const reserved = ["url", "urls", "dom_id", "validatorUrl"];

/**
 * Serves Swagger UI, and the document as JSON and as YAML. The page comes from the package swagger-ui-dist, which is
 * to be installed; a document is turned into its other form by the package js-yaml. Throws if an option is not right;
 * the app does not start if the file or the package is missing.
 */
export function swaggerUi(options: SwaggerUiOptions): Transport {
  const path = checkPath("path", options.path ?? "/docs");
  const documentPath = checkPath("documentPath", options.documentPath ?? "/openapi");
  if (path === documentPath) throw new Error(`path and documentPath are both ${path}: expected two paths`);
  const connectTo = (options.connectTo ?? []).map(checkOrigin);
  const { settings = {} } = options;
  const taken = reserved.filter((name) => name in settings);
  if (taken.length > 0)
    throw new Error(`settings holds ${taken.join(", ")}, which swaggerUi sets itself: leave it out`);

  const mount = (host: TransportHost): HttpRoutes => {
    const forms = new DocumentForms(options.file === undefined ? options.document : readDocument(options.file));
    const depth = path.split("/").length - 1;
    const document = `${"../".repeat(depth)}${documentPath.slice(1)}.${forms.own}`;
    const page = { document, settings, connectTo };
    const targets = new PageTargets();
    const add = (name: string, resource: Resource): void => {
      targets.set(`${path}/${name}`, (request) => resource.answer(request));
    };
    targets.set(path, redirectToFolder(path));
    add("", createPage(page));
    add("initializer.js", createInitializer(page));
    for (const [name, asset] of readAssets()) add(name, asset);
    for (const form of ["json", "yaml"] as const) targets.set(`${documentPath}.${form}`, answerForm(forms, form, host));
    return (request) => targets.answer(request);
  };
  return { name: "swagger-ui", mount };
}

function answerForm(forms: DocumentForms, form: Form, { logger }: TransportHost): PageTarget {
  return async (request) => {
    try {
      return (await forms.get(form)).answer(request);
    } catch (error) {
      const response = answerProblem(request, error);
      const correlationId = response.headers["x-correlation-id"];
      logger.error("the OpenAPI document cannot be served", { path: request.path, correlationId, error });
      return response;
    }
  };
}

function checkPath(option: string, path: string): string {
  if (/^(\/[\w.~-]*[\w~-])+$/.test(path)) return path;
  throw new Error(`${option} is ${JSON.stringify(path)}: expected a path such as "/docs", without a slash at its end`);
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new Error(`connectTo holds ${JSON.stringify(origin)}: expected an origin such as "https://api.example.com"`);
}
