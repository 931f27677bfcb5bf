// The target cqrs: one TypeScript file with typed CQRS contracts per proto file. Reads the model, returns files.
import { esLibrary, tsProtoLibrary } from "../../messages/index.js";
import type { Model } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import type { Target } from "../index.js";
import { emitDescriptors } from "./emit-descriptors.js";
import { emitFile } from "./emit-file.js";
import { type CqrsOptions, cqrsOptions } from "./options.js";

/** The target `cqrs`: a TypeScript module of typed contracts for each proto file. */
export const cqrs: Target = {
  name: "cqrs",
  options: cqrsOptions,
  emit(model: Model, options, { generator, only }): readonly GeneratedFile[] {
    // The parser has validated the options against the specs above.
    const chosen = options as CqrsOptions;
    const generated = new Set(model.files.map(({ desc }) => desc.name));
    const library = chosen.messages === "es" ? esLibrary(generated) : tsProtoLibrary;
    return model.files
      .filter(({ desc }) => only?.has(desc.proto.name) ?? true)
      .flatMap((file) => {
        const descriptors = library.needsDescriptors ? emitDescriptors(file, chosen, generator) : undefined;
        return [emitFile(file, library, chosen, generator), descriptors].filter((emitted) => emitted !== undefined);
      });
  },
};
