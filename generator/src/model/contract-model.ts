import type { DescField, DescFile } from "@bufbuild/protobuf";
import type { GraphQLFacts } from "./graphql-facts.js";
import type { AggregateModel, ErrorModel, EventModel, ReadModelDesc, ServiceModel } from "./model.js";
import type { OpenApiFacts } from "./openapi-facts.js";
import type { SagaModel } from "./sagas/saga-model.js";

/**
 * The service model: the contract in domain terms, with all names resolved. Plain frozen data. Targets read it, and neither
 * read options nor choose names.
 */
export interface Model {
  /** The files to generate, ordered by name. Their elements may refer to elements of other files. */
  readonly files: readonly FileModel[];
  /** All files of the request, for rules that also check imported files. */
  readonly all: readonly FileModel[];
  /** Whether an `emits` could not be resolved: events without an aggregate may then be a consequence. */
  readonly hasBrokenEmissions: boolean;
  /** The fields that are ids, personal data or data subjects. */
  readonly fields: FieldFacts;
  /** The options for the GraphQL schema. */
  readonly graphql: GraphQLFacts;
  /** The options for OpenAPI and AsyncAPI documents. */
  readonly openapi: OpenApiFacts;
}

/** The fields that `(potter.v1.field)` marks. */
export interface FieldFacts {
  /** Ids of aggregates, sagas and rows, and fields of requests that address them. */
  readonly ids: ReadonlySet<DescField>;
  /** Fields with personal data. */
  readonly personal: ReadonlySet<DescField>;
  /** Fields that identify the data subject of personal fields. */
  readonly subjects: ReadonlySet<DescField>;
}

/** The elements of one proto file, in source order. */
export interface FileModel {
  /** Descriptor of the file. */
  readonly desc: DescFile;
  /** Whether the file uses any of Potter's annotations. Some rules are lenient with other files. */
  readonly annotated: boolean;
  /** Its aggregates. */
  readonly aggregates: readonly AggregateModel[];
  /** Its events, including superseded versions. */
  readonly events: readonly EventModel[];
  /** Its declared errors. */
  readonly errors: readonly ErrorModel[];
  /** Its read models. */
  readonly readModels: readonly ReadModelDesc[];
  /** Its sagas. */
  readonly sagas: readonly SagaModel[];
  /** Its services. */
  readonly services: readonly ServiceModel[];
}
