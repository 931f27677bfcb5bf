import type { MessageLibrary } from "../../messages/index.js";
import type { FileModel } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import { printHeader } from "../../printer/index.js";
import { emitSaga } from "./emit-saga.js";
import { emitSagaTypes } from "./emit-saga-types.js";
import { FileContext } from "./file-context.js";
import type { SagaOptions } from "./options.js";

/** Emits the sagas of one proto file. */
export function emitFile(
  model: FileModel,
  library: MessageLibrary,
  options: SagaOptions,
  generator: string,
): GeneratedFile {
  const context = new FileContext(model, library, options);
  for (const saga of model.sagas) {
    emitSagaTypes(context, saga);
    emitSaga(context, saga);
  }
  return {
    name: `${context.file.path}.ts`,
    content: context.file.toString(printHeader(model, generator)),
    source: model.desc.proto.name,
  };
}
