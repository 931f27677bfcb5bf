import type { FileModel, GraphQLFacts, Model, ServiceModel } from "../../../model/index.js";
import { distinctPaths, type PathChoice } from "../../../output/index.js";

/** The contents of one schema. */
export interface Scope {
  /** Path of the generated files, without extensions. */
  readonly path: string;
  /** The source, as file headers name it. */
  readonly source: string;
  /** The files whose aggregates and entities belong to the schema. */
  readonly files: readonly FileModel[];
  readonly services: readonly ServiceModel[];
}

/** The scope of a single schema for everything. */
export function wholeOf({ files, graphql }: Model): Scope {
  return {
    path: "schema",
    source: nameSources(files),
    files,
    services: files.flatMap((file) => visible(file, graphql)),
  };
}

/** The scopes of the requested schemas: one in total, one for each file or one for each service. */
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
          // The aggregates and entities of a file go into the schema of its first service.
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
