import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** Where the build writes the shop's document. */
export const shopDocumentFile: URL = new URL("../../examples/shop/gen/openapi.yaml", import.meta.url);

/** What the validators here read of a document. */
export interface ShopDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses?: Readonly<Record<string, ResponseObject>>;
  };
}

export interface OperationObject {
  readonly operationId: string;
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

export interface ResponseObject {
  /** To one of the components. */
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface MediaType {
  readonly schema?: object;
  /** The schema of each item of a stream, from OpenAPI 3.2 on. */
  readonly itemSchema?: object;
}

/** The document of the shop, as it was generated. */
export function readShopDocument(): ShopDocument {
  return parse(readFileSync(shopDocumentFile, "utf8")) as ShopDocument;
}
