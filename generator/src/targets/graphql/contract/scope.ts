import type { FileModel, GraphQLFacts, Model, ServiceModel } from "../../../model/index.js";
import { distinctPaths, type PathChoice } from "../../../output/index.js";

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
export function wholeOf({ files, graphql }: Model): Scope {
  return {
    path: "schema",
    source: nameSources(files),
    files,
    services: files.flatMap((file) => visible(file, graphql)),
  };
}

/** The schemas that are asked for: one, or one for each file or service that has something to offer. */
export function listScopes(model: Model, output: "merged" | "file" | "service"): readonly Scope[] {
  switch (output) {
    case "merged":
      return [wholeOf(model)];
    case "file":
      return model.files.map((file) => ofFile(file, model.graphql));
    case "service": {
      const scopes = model.files.flatMap((file): readonly (Omit<Scope, "path"> & PathChoice)[] => {
        const services = visible(file, model.graphql).map((service, at) => ({
          ...pathOf(file, service.desc),
          source: `${file.desc.name}.proto`,
          // What a file has besides its services goes into the first schema.
          files: at === 0 ? [file] : [],
          services: [service],
        }));
        if (services.length > 0) return services;
        const { path, ...scope } = ofFile(file, model.graphql);
        return [{ ...scope, short: path, full: path }];
      });
      const paths = distinctPaths(scopes);
      return scopes.map(({ short, full, ...scope }, at) => ({ ...scope, path: paths[at] ?? full }));
    }
  }
}

function ofFile(file: FileModel, facts: GraphQLFacts): Scope {
  return { path: file.desc.name, source: `${file.desc.name}.proto`, files: [file], services: visible(file, facts) };
}

function visible({ services }: FileModel, facts: GraphQLFacts): readonly ServiceModel[] {
  return services.filter(({ desc }) => !facts.service(desc).ignore);
}

function nameSources(files: readonly FileModel[]): string {
  const [first] = files;
  return files.length === 1 ? `${first?.desc.name}.proto` : `${files.length} proto files`;
}

function pathOf({ desc }: FileModel, { name, typeName }: ServiceModel["desc"]): PathChoice {
  const folder = desc.name.slice(0, desc.name.lastIndexOf("/") + 1);
  return { short: `${folder}${name}`, full: `${folder}${typeName}` };
}
