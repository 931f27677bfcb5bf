import type { Diagnostics } from "../../../diagnostics/index.js";
import {
  type HttpBindingModel,
  type MethodModel,
  type OpenApiFacts,
  optionNumbers,
  type ServiceModel,
} from "../../../model/index.js";
import type { Filter, OpenApiOptions } from "../selection/index.js";
import { usualMethods } from "./http-methods.js";
import type { Endpoint } from "./operation.js";
import { type NamedBinding, nameOperations } from "./operation-ids.js";
import { type DocumentPath, toDocumentPath, withNames } from "./path.js";

/** A tag of a document, and its service. */
export interface ServiceTag {
  readonly service: ServiceModel;
  readonly tag: string;
}

/** Names the tags after their services: by short name, or by full name if two services share it. */
export function nameTags(services: readonly ServiceModel[], facts: OpenApiFacts): readonly ServiceTag[] {
  const names = services.map(({ desc }) => facts.service(desc).tag ?? desc.name);
  return services.map((service, at) => {
    const name = names[at] ?? service.desc.name;
    const given = facts.service(service.desc).tag !== undefined;
    const isOnly = given || names.filter((one) => one === name).length === 1;
    return { service, tag: isOnly ? name : service.desc.typeName };
  });
}

/** Lists the endpoints of a document in the order of the contract, each path and method once. */
export function listEndpoints(
  tags: readonly ServiceTag[],
  { version, operation_ids, filter }: Pick<OpenApiOptions, "version" | "operation_ids"> & { readonly filter: Filter },
  diagnostics: Diagnostics,
): readonly Endpoint[] {
  const paths = new Map<string, DocumentPath>();
  const taken = new Set<string>();
  const endpoints: (Omit<Endpoint, "operationId"> & NamedBinding)[] = [];
  for (const { service, tag } of tags) {
    for (const method of service.methods) {
      if (!filter.hasMethod(method.desc)) continue;
      let nth = 0;
      for (const binding of method.http) {
        if (!isSupported(method, binding, version, diagnostics)) continue;
        const own = toDocumentPath(method.desc.input, binding);
        const known = paths.get(own.shape);
        const path = known === undefined ? own : withNames(own, known);
        paths.set(own.shape, known ?? own);
        // A rule has reported the duplicate route.
        const route = `${binding.method} ${path.shape}`;
        if (taken.has(route)) continue;
        taken.add(route);
        endpoints.push({ method, binding, path, tag, nth: nth++ });
      }
    }
  }
  const ids = nameOperations(endpoints, operation_ids, filter.facts, diagnostics);
  return endpoints.map((endpoint) => ({ ...endpoint, operationId: ids.get(endpoint) ?? "" }));
}

/** OpenAPI 3.0 ignores bodies of methods for which HTTP defines none. */
const withoutBody: readonly string[] = ["DELETE", "GET", "HEAD"];

function isSupported(
  { desc }: MethodModel,
  { method, path, body }: HttpBindingModel,
  version: OpenApiOptions["version"],
  diagnostics: Diagnostics,
): boolean {
  if (version === "3.0" && body !== undefined && withoutBody.includes(method))
    diagnostics.report("openapi-body", { desc, option: optionNumbers.http, focus: `"${path}"` }, desc.name, method);
  if (usualMethods.includes(method) || (version === "3.2" && method !== "*")) return true;
  const place = { desc, option: optionNumbers.http, focus: `"${path}"` };
  diagnostics.report("openapi-method", place, desc.name, method, version);
  return false;
}
