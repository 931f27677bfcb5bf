// The target saga: one TypeScript file with typed sagas per proto file that declares some. Reads the model, returns files.
import { esLibrary, tsProtoLibrary } from "../../messages/index.js";
import type { Model } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import type { Target } from "../index.js";
import { emitFile } from "./emit-file.js";
import { type SagaOptions, sagaOptions } from "./options.js";

/** The target `saga`: a TypeScript module of sagas for each proto file that declares some. It imports that of `cqrs`. */
export const saga: Target = {
  name: "saga",
  options: sagaOptions,
  emit(model: Model, options, { generator }): readonly GeneratedFile[] {
    // The parser has validated the options against the specs above.
    const chosen = options as SagaOptions;
    const generated = new Set(model.files.map(({ desc }) => desc.name));
    const library = chosen.messages === "es" ? esLibrary(generated) : tsProtoLibrary;
    return model.files
      .filter(({ sagas }) => sagas.length > 0)
      .map((file) => emitFile(file, library, chosen, generator));
  },
};
