import type { Diagnostics } from "../../diagnostics/index.js";
import { type HttpBindingModel, type MethodModel, optionNumbers, type ServiceModel } from "../../model/index.js";
import { hasOwnOptions, readOperationOptions, readServiceOptions } from "../../openapi-options/index.js";
import { usualMethods } from "./methods.js";
import type { Endpoint } from "./operation.js";
import type { OpenApiOptions } from "./options.js";
import { type DocumentPath, toDocumentPath, withNames } from "./path.js";

/** A tag of a document, and the service that it is of. */
export interface ServiceTag {
  readonly service: ServiceModel;
  readonly tag: string;
}

/** Tags by the names of services; by their full names where two are called the same. */
export function nameTags(services: readonly ServiceModel[]): readonly ServiceTag[] {
  const names = services.map(({ desc }) => readServiceOptions(desc).tag ?? desc.name);
  return services.map((service, at) => {
    const name = names[at] ?? service.desc.name;
    const given = readServiceOptions(service.desc).tag !== undefined;
    const isOnly = given || names.filter((one) => one === name).length === 1;
    return { service, tag: isOnly ? name : service.desc.typeName };
  });
}

/** The endpoints of a document, in the order of the contract: each path and method once. */
export function listEndpoints(
  tags: readonly ServiceTag[],
  version: OpenApiOptions["version"],
  diagnostics: Diagnostics,
): readonly Endpoint[] {
  const paths = new Map<string, DocumentPath>();
  const taken = new Set<string>();
  const ids = new OperationIds(tags, diagnostics);
  const endpoints: Endpoint[] = [];
  for (const { service, tag } of tags) {
    for (const method of service.methods) {
      if (readOperationOptions(method.desc).hidden === true) continue;
      let nth = 0;
      for (const binding of method.http) {
        if (!canSay(method, binding, version, diagnostics)) continue;
        const own = toDocumentPath(method.desc.input, binding);
        const known = paths.get(own.shape);
        const path = known === undefined ? own : withNames(own, known);
        paths.set(own.shape, known ?? own);
        // Two routes for the same requests: the rules have told of it.
        const route = `${binding.method} ${path.shape}`;
        if (taken.has(route)) continue;
        taken.add(route);
        endpoints.push({ method, binding, path, tag, operationId: ids.take(method, nth++) });
      }
    }
  }
  return endpoints;
}

function canSay(
  { desc }: MethodModel,
  { method, path }: HttpBindingModel,
  version: OpenApiOptions["version"],
  diagnostics: Diagnostics,
): boolean {
  if (usualMethods.includes(method) || (version === "3.2" && method !== "*")) return true;
  const place = { desc, option: optionNumbers.http, focus: `"${path}"` };
  diagnostics.report("openapi-method", place, desc.name, method, version);
  return false;
}

/** The ids of operations: `Service_Rpc`, with the package before it where two services are called the same. */
class OperationIds {
  private readonly tags: readonly ServiceTag[];
  private readonly diagnostics: Diagnostics;
  private readonly taken: Set<string> = new Set();

  constructor(tags: readonly ServiceTag[], diagnostics: Diagnostics) {
    this.tags = tags;
    this.diagnostics = diagnostics;
  }

  /** The id of the nth binding of a method, counted from 0. */
  take(method: MethodModel, nth: number): string {
    const { desc } = method;
    const given = readOperationOptions(desc).operationId;
    const whole = given ?? `${this.prefix(method.service)}_${desc.name}`;
    const id = nth === 0 ? whole : `${whole}_${nth + 1}`;
    if (this.taken.has(id)) {
      const place = { desc, lenient: !hasOwnOptions(desc) };
      this.diagnostics.report("openapi-name-collision", place, desc.name, "operation", id);
    }
    this.taken.add(id);
    return id;
  }

  private prefix({ desc }: ServiceModel): string {
    const twins = this.tags.filter(({ service }) => service.desc.name === desc.name);
    return twins.length === 1 ? desc.name : desc.typeName.replaceAll(".", "_");
  }
}
