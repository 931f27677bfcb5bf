import type { DescFile, FileRegistry } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics/index.js";
import { buildMessages } from "./build-messages.js";
import { buildServices } from "./build-services.js";
import { Contract } from "./contract.js";
import type { FileModel, Model } from "./contract-model.js";
import { messagesOf } from "./elements.js";
import { buildFieldFacts } from "./field-facts.js";
import { buildGraphQLFacts } from "./graphql-facts.js";
import { linkAggregates } from "./link-aggregates.js";
import { buildOpenApiFacts } from "./openapi-facts.js";
import { buildSagas } from "./sagas/index.js";

/** Builds the model of a contract from all files of a request; `files` are those to generate. Reports unresolved names. */
export function buildModel(registry: FileRegistry, files: readonly DescFile[], diagnostics: Diagnostics): Model {
  const contract = new Contract(registry, diagnostics);
  buildMessages(contract);
  buildServices(contract);
  linkAggregates(contract);
  buildSagas(contract);
  const models = new Map(contract.files.map((file) => [file, buildFile(contract, file)]));
  freeze(contract);
  const messages = contract.files.flatMap((file) => messagesOf(file));
  return Object.freeze({
    files: files.flatMap((file) => models.get(file) ?? []),
    all: [...models.values()],
    hasBrokenEmissions: contract.hasBrokenEmissions,
    fields: buildFieldFacts(messages.flatMap(({ fields }) => fields)),
    graphql: buildGraphQLFacts(),
    openapi: buildOpenApiFacts(),
  });
}

function buildFile(contract: Contract, desc: DescFile): FileModel {
  const of = <T extends { readonly desc: { readonly file: DescFile } }>(elements: Iterable<T>): readonly T[] =>
    Object.freeze([...elements].filter((element) => element.desc.file === desc));
  return Object.freeze({
    desc,
    annotated: contract.annotated.has(desc),
    aggregates: of(contract.aggregate.values()),
    events: of(contract.event.values()),
    errors: of(contract.error.values()),
    readModels: of(contract.readModel.values()),
    sagas: of(contract.saga.values()),
    services: Object.freeze(contract.services.get(desc) ?? []),
  });
}

/** Makes the model read-only. Descriptors are shared with protobuf-es and stay as they are. */
function freeze({ aggregate, event, error, readModel, saga, services, method }: Contract): void {
  const elements: object[] = [
    ...aggregate.values(),
    ...event.values(),
    ...error.values(),
    ...readModel.values(),
    ...[...saga.values()].flatMap((one) => [one, ...one.steps]),
    ...[...services.values()].flat(),
    ...method.values(),
  ];
  for (const element of elements) {
    for (const value of Object.values(element)) if (Array.isArray(value)) Object.freeze(value);
    Object.freeze(element);
  }
}
