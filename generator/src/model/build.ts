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
  const elements = new ElementsByFile(contract);
  const models = new Map(contract.files.map((file) => [file, elements.build(file)]));
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

/** The elements of a contract, sorted by file once. */
class ElementsByFile {
  private readonly contract: Contract;
  private readonly aggregates: ByFile<FileModel["aggregates"][number]>;
  private readonly events: ByFile<FileModel["events"][number]>;
  private readonly errors: ByFile<FileModel["errors"][number]>;
  private readonly readModels: ByFile<FileModel["readModels"][number]>;
  private readonly sagas: ByFile<FileModel["sagas"][number]>;

  constructor(contract: Contract) {
    this.contract = contract;
    this.aggregates = groupByFile(contract.aggregate.values());
    this.events = groupByFile(contract.event.values());
    this.errors = groupByFile(contract.error.values());
    this.readModels = groupByFile(contract.readModel.values());
    this.sagas = groupByFile(contract.saga.values());
  }

  build(desc: DescFile): FileModel {
    return Object.freeze({
      desc,
      annotated: this.contract.annotated.has(desc),
      aggregates: Object.freeze(this.aggregates.get(desc) ?? []),
      events: Object.freeze(this.events.get(desc) ?? []),
      errors: Object.freeze(this.errors.get(desc) ?? []),
      readModels: Object.freeze(this.readModels.get(desc) ?? []),
      sagas: Object.freeze(this.sagas.get(desc) ?? []),
      services: Object.freeze(this.contract.services.get(desc) ?? []),
    });
  }
}

type ByFile<T> = ReadonlyMap<DescFile, readonly T[]>;

function groupByFile<T extends { readonly desc: { readonly file: DescFile } }>(elements: Iterable<T>): ByFile<T> {
  const groups = new Map<DescFile, T[]>();
  for (const element of elements) {
    const { file } = element.desc;
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [element]);
    else group.push(element);
  }
  return groups;
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
