import type { DescFile } from "@bufbuild/protobuf";
import type { OpenApiDocumentOptions, OpenApiFacts } from "../model/index.js";

/** Joins the document options of several files. The first file wins; lists and maps are concatenated. */
export function joinDocumentOptions(files: readonly DescFile[], facts: OpenApiFacts): OpenApiDocumentOptions {
  const all = files.map((file) => facts.document(file));
  const first = <T extends object>(pick: (options: OpenApiDocumentOptions) => T | undefined): T =>
    Object.assign({}, ...all.map(pick).reverse()) as T;
  const list = <T>(pick: (options: OpenApiDocumentOptions) => readonly T[] | undefined) =>
    all.flatMap((one) => pick(one) ?? []);
  const schemes = first(({ securitySchemes }) => securitySchemes);
  const [servers, security, tags] = [list((one) => one.servers), list((one) => one.security), list((one) => one.tags)];
  return {
    ...first((one) => one),
    info: first(({ info }) => info),
    ...(Object.keys(schemes).length > 0 && { securitySchemes: schemes }),
    ...(servers.length > 0 && { servers }),
    ...(security.length > 0 && { security }),
    ...(tags.length > 0 && { tags }),
  };
}

/** The package name and version, or a neutral title if there are several packages. */
export function defaultInfo(files: readonly DescFile[]): { title: string; version: string } {
  const packages = [...new Set(files.map(({ proto }) => proto.package))];
  const [only = ""] = packages;
  const title = packages.length === 1 && only !== "" ? only : "API";
  const version = /(?:^|\.)(v\d+(?:(?:alpha|beta|p)\d*)*)$/.exec(only)?.[1];
  return { title, version: packages.length === 1 ? (version ?? "0.0.0") : "0.0.0" };
}
