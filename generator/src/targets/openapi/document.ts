import type { oas32 } from "openapi3-ts";
import { type Diagnostics, suggest } from "../../diagnostics/index.js";
import { defaultInfo, joinDocumentOptions, reportSchemas } from "../../documents/index.js";
import type { Model, OpenApiFacts } from "../../model/index.js";
import { addExamples } from "./add-examples.js";
import { type BaseDocument, mergeIntoBase } from "./base-document.js";
import {
  buildOperation,
  buildWaitOperation,
  Components,
  describeService,
  type Endpoint,
  isAwaited,
  listEndpoints,
  namedMethods,
  nameTags,
  requiresAuthorization,
  type ServiceTag,
  waitPath,
  waitTag,
} from "./operations/index.js";
import type { Filter, OpenApiOptions, Scope } from "./selection/index.js";

/** What a document is built with. */
export interface DocumentRun extends Pick<OpenApiOptions, "version" | "operation_ids" | "waits"> {
  readonly model: Model;
  readonly filter: Filter;
  readonly diagnostics: Diagnostics;
}

/** Builds the document of a scope, as OpenAPI 3.2. */
export function buildDocument(scope: Scope, base: BaseDocument, run: DocumentRun): oas32.OpenAPIObject {
  const { openapi: facts } = run.model;
  const options = joinDocumentOptions(
    scope.files.map(({ desc }) => desc),
    facts,
  );
  const security = base.security ?? options.security ?? [];
  const tags = nameTags(scope.services, facts);
  const endpoints = listEndpoints(tags, run, run.diagnostics);
  const ids = endpoints.map(({ operationId }) => operationId);
  const components = new Components(run, run.model, run.filter.audience, ids);
  const operations = endpoints.map((endpoint) => [endpoint, buildOperation(endpoint, components, security)] as const);
  const isAnyAwaited = endpoints.some(({ method }) => isAwaited(method, components));
  const wait = isAnyAwaited ? buildWaitOperation(components, requiresAuthorization(security)) : undefined;
  const used = new Set(
    [...operations.map(([, operation]) => operation), ...(wait ? [wait] : [])].flatMap(({ tags }) => tags ?? []),
  );
  const document: oas32.OpenAPIObject = {
    openapi: "3.2.0",
    info: { ...defaultInfo(scope.services.map(({ desc }) => desc.file)), ...options.info },
    servers: options.servers ?? [{ url: "/" }],
    security: [...security],
    tags: joinTags([
      ...(options.tags ?? []),
      ...tags.map((tag) => describeTag(tag, facts)),
      ...(wait ? [waitTag] : []),
    ]).filter(({ name }) => !run.filter.narrows || used.has(name)),
    ...(options.externalDocs && { externalDocs: options.externalDocs }),
    paths: { ...buildPaths(operations), ...(wait && { [waitPath]: { get: wait } }) },
    components: {
      ...components.toObject(),
      ...(options.securitySchemes && { securitySchemes: { ...options.securitySchemes } }),
    },
  };
  const merged = mergeIntoBase(base, document);
  checkSecurity(operations, merged, facts, run.diagnostics);
  reportSchemas(components.schemas, facts, run.diagnostics);
  return addExamples(merged);
}

function describeTag({ service: { desc }, tag }: ServiceTag, facts: OpenApiFacts): oas32.TagObject {
  const { description, externalDocs } = facts.service(desc);
  return { name: tag, description: description ?? describeService(desc), ...(externalDocs && { externalDocs }) };
}

/** Merges tags of one name. The options of the file win over those of the service. */
function joinTags(all: readonly oas32.TagObject[]): oas32.TagObject[] {
  const tags = new Map<string, oas32.TagObject>();
  for (const tag of all) tags.set(tag.name, { ...tag, ...tags.get(tag.name) });
  return [...tags.values()];
}

function buildPaths(operations: readonly (readonly [Endpoint, oas32.OperationObject])[]): oas32.PathsObject {
  const paths = new Map<string, oas32.PathItemObject>();
  for (const [{ path, binding }, operation] of operations) {
    const item = paths.get(path.path) ?? {};
    const { method } = binding;
    const added = namedMethods.includes(method)
      ? { [method.toLowerCase()]: operation }
      : { additionalOperations: { ...item.additionalOperations, [method]: operation } };
    paths.set(path.path, { ...item, ...added });
  }
  return Object.fromEntries(paths);
}

/**
 * Reports security requirements whose scheme the document does not define: nobody could satisfy them. Only a warning
 * if the options of another project set them.
 */
function checkSecurity(
  operations: readonly (readonly [Endpoint, oas32.OperationObject])[],
  { security = [], components }: oas32.OpenAPIObject,
  facts: OpenApiFacts,
  diagnostics: Diagnostics,
): void {
  const known = Object.keys(components?.securitySchemes ?? {});
  for (const [{ method }, operation] of operations) {
    for (const scheme of [...(operation.security ?? []), ...security].flatMap((one) => Object.keys(one))) {
      if (known.includes(scheme)) continue;
      const ref = { desc: method.desc, lenient: !facts.hasOwnOptions(method.desc) };
      diagnostics.report("openapi-security", ref, scheme, method.desc.name, suggest(scheme, known));
    }
  }
}
