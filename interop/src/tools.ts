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
import type { Tool } from "./tool.js";

/** Every tool that checks OpenAPI documents. */
export const tools: readonly Tool[] = [
  officialSchema,
  jsonSchema,
  swaggerParser,
  scalar,
  redocly,
  spectral,
  openapiBackend,
  openapiTypescript,
  heyApi,
  orval,
  oazapfts,
  swaggerTypescriptApi,
];
