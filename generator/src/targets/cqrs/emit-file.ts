import type { MessageLibrary } from "../../messages/index.js";
import type { FileModel } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import { printHeader } from "../../printer/index.js";
import { emitAggregate } from "./emit-aggregate.js";
import { emitError, emitEvent } from "./emit-definitions.js";
import { emitReadModel } from "./emit-read-model.js";
import { emitService } from "./emit-service.js";
import { FileContext } from "./file-context.js";
import type { CqrsOptions } from "./options.js";

/** Emits the TypeScript of one proto file. Returns undefined if the file declares no service and no message with a role. */
export function emitFile(
  model: FileModel,
  library: MessageLibrary,
  options: CqrsOptions,
  generator: string,
): GeneratedFile | undefined {
  const { aggregates, events, errors, readModels, services } = model;
  if ([aggregates, events, errors, readModels, services].every((elements) => elements.length === 0)) return undefined;
  const context = new FileContext(model, library, options);
  for (const event of events) emitEvent(context, event);
  for (const error of errors) emitError(context, error);
  for (const readModel of readModels) emitReadModel(context, readModel);
  for (const service of services) emitService(context, service);
  for (const aggregate of aggregates) emitAggregate(context, aggregate);
  return {
    name: `${context.file.path}.ts`,
    content: context.file.toString(printHeader(model, generator)),
    source: model.desc.proto.name,
  };
}
