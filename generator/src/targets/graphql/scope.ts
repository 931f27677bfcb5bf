import { readServiceOptions } from "../../graphql-options/index.js";
import type { FileModel, Model, ServiceModel } from "../../model/index.js";
import type { GraphQLOptions } from "./options.js";

/** What goes into one schema. */
export interface Scope {
  /** Path of the files, without their endings. */
  readonly path: string;
  /** Where it comes from, in words. */
  readonly source: string;
  /** The files whose aggregates and entities belong to it. */
  readonly files: readonly FileModel[];
  readonly services: readonly ServiceModel[];
}

/** One schema for all. */
export function wholeOf({ files }: Model): Scope {
  return { path: "schema", source: nameSources(files), files, services: files.flatMap(visible) };
}

/** The schemas that are asked for: one, or one for each file or service that has something to offer. */
export function listScopes(model: Model, output: GraphQLOptions["output"]): readonly Scope[] {
  switch (output) {
    case "merged":
      return [wholeOf(model)];
    case "file":
      return model.files.map(ofFile);
    case "service":
      return model.files.flatMap((file) => {
        const services = visible(file).map((service, at) => ({
          path: `${folderOf(file)}${service.desc.name}`,
          source: `${file.desc.name}.proto`,
          // What a file has besides its services goes into the first schema.
          files: at === 0 ? [file] : [],
          services: [service],
        }));
        return services.length === 0 ? [ofFile(file)] : services;
      });
  }
}

function ofFile(file: FileModel): Scope {
  return { path: file.desc.name, source: `${file.desc.name}.proto`, files: [file], services: visible(file) };
}

function visible({ services }: FileModel): readonly ServiceModel[] {
  return services.filter(({ desc }) => !readServiceOptions(desc).ignore);
}

function nameSources(files: readonly FileModel[]): string {
  const [first] = files;
  return files.length === 1 ? `${first?.desc.name}.proto` : `${files.length} proto files`;
}

function folderOf({ desc }: FileModel): string {
  return desc.name.slice(0, desc.name.lastIndexOf("/") + 1);
}
