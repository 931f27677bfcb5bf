import type { FileModel, Model, ServiceModel } from "../../../model/index.js";
import { distinctPaths, type PathChoice } from "../../../output/index.js";
import type { Filter } from "./filter.js";
import type { OpenApiOptions } from "./options.js";

/** The contents of one document. */
export interface Scope {
  /** Path of the document, without extension. */
  readonly path: string;
  /** The source, as file headers name it. */
  readonly source: string;
  /** The files whose document options apply, its own first. */
  readonly files: readonly FileModel[];
  readonly services: readonly ServiceModel[];
}

/** The scopes of the requested documents: one in total, one for each file or one for each service. */
export function listScopes({ files }: Model, output: OpenApiOptions["output"], filter: Filter): readonly Scope[] {
  const visible = ({ services }: FileModel) => services.filter(({ desc }) => filter.hasService(desc));
  const all = files.filter((file) => visible(file).length > 0);
  switch (output) {
    case "merged":
      if (all.length === 0) return [];
      return [{ path: "openapi", source: nameSources(all), files, services: all.flatMap(visible) }];
    case "file":
      return all.map((file) => ({
        path: `${file.desc.name}.openapi`,
        source: `${file.desc.name}.proto`,
        files: [file, ...files.filter((one) => one !== file)],
        services: visible(file),
      }));
    case "service": {
      const services = all.flatMap((file) => visible(file).map((service) => ({ file, service })));
      const paths = distinctPaths(services.map(({ file, service: { desc } }) => pathOf(file, desc)));
      return services.map(({ file, service }, at) => ({
        path: `${paths[at]}.openapi`,
        source: `${file.desc.name}.proto`,
        files: [file, ...files.filter((one) => one !== file)],
        services: [service],
      }));
    }
  }
}

function nameSources(files: readonly FileModel[]): string {
  const [first] = files;
  return files.length === 1 ? `${first?.desc.name}.proto` : `${files.length} proto files`;
}

function pathOf({ desc }: FileModel, { name, typeName }: ServiceModel["desc"]): PathChoice {
  const folder = desc.name.slice(0, desc.name.lastIndexOf("/") + 1);
  return { short: `${folder}${name}`, full: `${folder}${typeName}` };
}
