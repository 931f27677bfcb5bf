import type { DescEnum, DescField, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import * as options from "../openapi-options/index.js";
import { ElementFacts } from "./element-facts.js";
import type { Elements } from "./elements.js";

/** The elements that google.api.visibility can restrict. */
export type DescVisible = DescService | DescMethod | DescMessage | DescField | DescEnum;

/** What the contract says about its OpenAPI and AsyncAPI documents. What no option sets is absent. */
export interface OpenApiFacts {
  document(desc: DescFile): options.DocumentOptions;
  service(desc: DescService): options.ServiceOptions;
  operation(desc: DescMethod): options.OperationOptions;
  schema(desc: DescMessage | DescEnum): options.SchemaOptions;
  field(desc: DescField): options.FieldOptions;
  /** The labels of google.api.visibility: a document shows the element if it has one of them. Empty: always. */
  visibility(desc: DescVisible): readonly string[];
  /** Whether a Potter option, and not one of another project, sets the example. */
  hasOwnExample(desc: DescMessage | DescEnum | DescField): boolean;
  /** Whether a Potter option, and not one of another project, sets the operation id. */
  hasOwnOperationId(desc: DescMethod): boolean;
  /** Whether the operation, its service or its document has a Potter option. */
  hasOwnOptions(desc: DescMethod): boolean;
}

/** Reads the OpenAPI options of all elements, once. */
export function buildOpenApiFacts(elements: Elements): OpenApiFacts {
  const documents = new ElementFacts({}, options.readDocumentOptions);
  const services = new ElementFacts({}, options.readServiceOptions);
  const operations = new ElementFacts({}, options.readOperationOptions);
  const schemas = new ElementFacts({}, options.readSchemaOptions);
  const fields = new ElementFacts({}, options.readFieldOptions);
  const labels = new ElementFacts<DescVisible, readonly string[]>([], options.readVisibility);
  for (const desc of elements.files) documents.add(desc);
  for (const desc of elements.services) services.add(desc);
  for (const desc of elements.methods) operations.add(desc);
  for (const desc of [...elements.messages, ...elements.enums]) schemas.add(desc);
  for (const desc of elements.fields) fields.add(desc);
  const { messages, enums } = elements;
  for (const desc of [...elements.services, ...elements.methods, ...messages, ...elements.fields, ...enums]) {
    labels.add(desc);
  }
  const ownExamples = new Set([...messages, ...enums, ...elements.fields].filter(options.hasOwnExample));
  const ownIds = new Set(elements.methods.filter(options.hasOwnOperationId));
  const ownOperations = new Set(elements.methods.filter(options.hasOwnOptions));
  return Object.freeze({
    document: (desc: DescFile) => documents.of(desc),
    service: (desc: DescService) => services.of(desc),
    operation: (desc: DescMethod) => operations.of(desc),
    schema: (desc: DescMessage | DescEnum) => schemas.of(desc),
    field: (desc: DescField) => fields.of(desc),
    visibility: (desc: DescVisible) => labels.of(desc),
    hasOwnExample: (desc: DescMessage | DescEnum | DescField) => ownExamples.has(desc),
    hasOwnOperationId: (desc: DescMethod) => ownIds.has(desc),
    hasOwnOptions: (desc: DescMethod) => ownOperations.has(desc),
  });
}
