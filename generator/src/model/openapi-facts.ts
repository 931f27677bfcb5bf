import type { DescEnum, DescField, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import {
  type DocumentOptions,
  type FieldOptions,
  hasOwnExample,
  hasOwnOperationId,
  hasOwnOptions,
  type OperationOptions,
  readDocumentOptions,
  readFieldOptions,
  readOperationOptions,
  readSchemaOptions,
  readServiceOptions,
  readVisibility,
  type SchemaOptions,
  type ServiceOptions,
} from "../openapi-options/index.js";
import { ElementFacts } from "./element-facts.js";

/** The elements that google.api.visibility can restrict. */
export type DescVisible = DescService | DescMethod | DescMessage | DescField | DescEnum;

/** The options of the contract for its OpenAPI and AsyncAPI documents. Unset options are absent. */
export interface OpenApiFacts {
  /** Returns the options of a file. */
  document(desc: DescFile): DocumentOptions;
  /** Returns the options of a service. */
  service(desc: DescService): ServiceOptions;
  /** Returns the options of an rpc. */
  operation(desc: DescMethod): OperationOptions;
  /** Returns the options of a message or an enum. */
  schema(desc: DescMessage | DescEnum): SchemaOptions;
  /** Returns the options of a field. */
  field(desc: DescField): FieldOptions;
  /** The labels of google.api.visibility: a document shows the element if it has one of them. Empty: always. */
  visibility(desc: DescVisible): readonly string[];
  /** Whether a Potter option, and not one of another project, sets the example. */
  hasOwnExample(desc: DescMessage | DescEnum | DescField): boolean;
  /** Whether a Potter option, and not one of another project, sets the operation id. */
  hasOwnOperationId(desc: DescMethod): boolean;
  /** Whether the operation, its service or its document has a Potter option. */
  hasOwnOptions(desc: DescMethod): boolean;
}

/** Returns the facts of any model: what the options of an element say depends on nothing else. */
export function buildOpenApiFacts(): OpenApiFacts {
  return facts;
}

const facts: OpenApiFacts = createFacts();

function createFacts(): OpenApiFacts {
  const documents = new ElementFacts({}, readDocumentOptions);
  const services = new ElementFacts({}, readServiceOptions);
  const operations = new ElementFacts({}, readOperationOptions);
  const schemas = new ElementFacts({}, readSchemaOptions);
  const fields = new ElementFacts({}, readFieldOptions);
  const labels = new ElementFacts<DescVisible, readonly string[]>([], readVisibility);
  return Object.freeze({
    document: (desc: DescFile) => documents.of(desc),
    service: (desc: DescService) => services.of(desc),
    operation: (desc: DescMethod) => operations.of(desc),
    schema: (desc: DescMessage | DescEnum) => schemas.of(desc),
    field: (desc: DescField) => fields.of(desc),
    visibility: (desc: DescVisible) => labels.of(desc),
    hasOwnExample,
    hasOwnOperationId,
    hasOwnOptions,
  });
}
