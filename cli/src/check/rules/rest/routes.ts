import type { HttpBindingModel, MethodModel } from "@potter/generator";
import type { Contract } from "../../contract/index.js";

/** One HTTP binding of an rpc. */
export interface Route {
  /** Method and path with `*` for variables: what a server decides by. */
  readonly key: string;
  /** Method and path as the contract writes them. */
  readonly title: string;
  /** The rpc. */
  readonly method: MethodModel;
  /** The binding. */
  readonly binding: HttpBindingModel;
}

/** Returns all routes of a contract. */
export function routesOf({ model }: Contract): readonly Route[] {
  const methods = model.files.flatMap(({ services }) => services.flatMap((service) => service.methods));
  return methods.flatMap((method) =>
    method.http.map((binding) => ({
      key: `${binding.method} ${pathOf(binding)}`,
      title: `${binding.method} ${binding.path}`,
      method,
      binding,
    })),
  );
}

function pathOf({ segments, verb }: HttpBindingModel): string {
  const parts = segments.map((segment) => (typeof segment === "string" ? segment : segment.segments.join("/")));
  return `/${parts.join("/")}${verb === undefined ? "" : `:${verb}`}`;
}

/** The fields that the variables of a path set, in their order. */
export function variablesOf({ segments }: HttpBindingModel): readonly string[] {
  return segments.flatMap((segment) => (typeof segment === "string" ? [] : [segment.field]));
}
