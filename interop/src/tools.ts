import { heyApi } from "./hey-api.js";
import { jsonSchema } from "./json-schema.js";
import { oazapfts } from "./oazapfts.js";
import { officialSchema } from "./official-schema.js";
import { openapiBackend } from "./openapi-backend.js";
import { openapiTypescript } from "./openapi-typescript.js";
import { orval } from "./orval.js";
import { redocly } from "./redocly.js";
import { scalar } from "./scalar.js";
import { spectral } from "./spectral.js";
import { swaggerParser } from "./swagger-parser.js";
import { swaggerTypescriptApi } from "./swagger-typescript-api.js";
import type { Checker, ClientGenerator, Tool } from "./tool.js";

/** Tools that check OpenAPI documents. */
export const checkers: readonly Checker[] = [
  officialSchema,
  jsonSchema,
  swaggerParser,
  scalar,
  redocly,
  spectral,
  openapiBackend,
];

/** Tools that generate clients from OpenAPI documents. */
export const clientGenerators: readonly ClientGenerator[] = [
  openapiTypescript,
  heyApi,
  orval,
  oazapfts,
  swaggerTypescriptApi,
];

/** Every tool that reads OpenAPI documents. */
export const tools: readonly Tool[] = [...checkers, ...clientGenerators];
