import { PotterError } from "../../errors/index.js";
import { answerProblem, type HttpRoutes, type Transport, type TransportHost } from "../../http/index.js";
import { type PageTarget, PageTargets, type Resource, redirectToFolder } from "../pages/index.js";
import { readAssets } from "./assets.js";
import { DocumentForms, type Form, readDocument } from "./document.js";
import { createInitializer, createPage } from "./page.js";

/** The source of the OpenAPI document. */
export type SwaggerUiSource =
  | {
      /** The document: an object, or its text in YAML or JSON. */
      readonly document: object | string;
      readonly file?: never;
    }
  | {
      /** The file of the document, in YAML or JSON. It is read once, when the app starts. */
      readonly file: URL | string;
      readonly document?: never;
    };

/** Settings of Swagger UI itself, such as `{ tryItOutEnabled: true }`: all documented ones that are JSON. */
export interface SwaggerUiSettings {
  /** A setting by the name that Swagger UI documents. */
  readonly [name: string]: unknown;
}

/** The options of Swagger UI. */
export type SwaggerUiOptions = SwaggerUiSource & {
  /** The path of the page. Default: `/docs`. */
  readonly path?: string;
  /** The path of the document, to which `.json` and `.yaml` are added. Default: `/openapi`. */
  readonly documentPath?: string;
  /** Other origins that the page may call, such as `https://api.example.com`. Default: none. */
  readonly connectTo?: readonly string[];
  /** Default: those of Swagger UI, and `deepLinking`. `url`, `urls`, `dom_id` and `validatorUrl` are reserved. */
  readonly settings?: SwaggerUiSettings;
};

const reserved = ["url", "urls", "dom_id", "validatorUrl"];

/**
 * Serves Swagger UI, and the document as JSON and as YAML. Needs the package swagger-ui-dist, and js-yaml to convert the document.
 * Throws a PotterError for an invalid option. The app does not start if the file or the package is missing.
 */
export function swaggerUi(options: SwaggerUiOptions): Transport {
  const path = checkPath("path", options.path ?? "/docs");
  const documentPath = checkPath("documentPath", options.documentPath ?? "/openapi");
  if (path === documentPath) {
    const message = `path and documentPath are both ${path}: expected two different paths`;
    throw new PotterError("invalid_argument", message);
  }
  const connectTo = (options.connectTo ?? []).map(checkOrigin);
  const { settings = {} } = options;
  const taken = reserved.filter((name) => name in settings);
  if (taken.length > 0) {
    const message = `settings has ${taken.join(", ")}, which swaggerUi sets itself: remove it`;
    throw new PotterError("invalid_argument", message);
  }

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
  const message = `${option} is ${JSON.stringify(path)}: expected a path such as "/docs", without a trailing slash`;
  throw new PotterError("invalid_argument", message);
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  const message = `connectTo has ${JSON.stringify(origin)}: expected an origin such as "https://api.example.com"`;
  throw new PotterError("invalid_argument", message);
}
