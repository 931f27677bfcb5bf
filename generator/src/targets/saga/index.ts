// The target saga: a TypeScript file with typed sagas, and a page, per proto file that declares some. Reads the model, returns files.
import { esLibrary, tsProtoLibrary } from "../../messages/index.js";
import type { Model } from "../../model/index.js";
import type { GeneratedFile } from "../../output/index.js";
import type { Target } from "../index.js";
import { emitFile } from "./emit-file.js";
import { emitPage } from "./emit-page.js";
import { type SagaOptions, sagaOptions } from "./options.js";

/**
 * The target `saga`: a TypeScript module and a Markdown page for each proto file that declares sagas. The module imports that of
 * `cqrs`.
 */
export const saga: Target = {
  name: "saga",
  options: sagaOptions,
  emit(model: Model, options, { generator, only }): readonly GeneratedFile[] {
    // The parser has validated the options against the specs above.
    const chosen = options as SagaOptions;
    const generated = new Set(model.files.map(({ desc }) => desc.name));
    const library = chosen.messages === "es" ? esLibrary(generated) : tsProtoLibrary;
    const files = model.files.filter(({ desc, sagas }) => sagas.length > 0 && (only?.has(desc.proto.name) ?? true));
    const pages = chosen.saga_pages === "markdown" ? files.map((file) => emitPage(file, generator)) : [];
    return [...files.map((file) => emitFile(file, library, chosen, generator)), ...pages];
  },
};
