import { type HttpBindingModel, type MethodModel, optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A route belongs to one rpc: no two path templates match the same paths with the same HTTP method. */
export const httpDuplicateRoute: Rule = (model, diagnostics) => {
  const known = new Map<string, MethodModel>();
  const annotated = new Set(model.files.flatMap((file) => (file.annotated ? [file.desc] : [])));
  for (const method of model.files.flatMap(({ services }) => services).flatMap(({ methods }) => methods)) {
    for (const binding of method.http) {
      const route = shapeOf(binding);
      const other = known.get(route);
      known.set(route, other ?? method);
      if (other === undefined) continue;
      // Published protos declare routes of many services that are not served together.
      const lenient = !annotated.has(method.desc.parent.file) || !annotated.has(other.desc.parent.file);
      const ref = { desc: method.desc, option: optionNumbers.http, focus: `"${binding.path}"`, lenient };
      diagnostics.report(
        "http-duplicate-route",
        ref,
        `${binding.method} ${binding.path}`,
        nameOf(method),
        nameOf(other),
      );
    }
  }
};

/** Returns the path template without the names of its variables. */
function shapeOf({ method, segments, verb }: HttpBindingModel): string {
  const shape = segments.flatMap((segment) => (typeof segment === "string" ? [segment] : segment.segments));
  return `${method} /${shape.join("/")}${verb === undefined ? "" : `:${verb}`}`;
}

function nameOf({ desc }: MethodModel): string {
  return `${desc.parent.name}.${desc.name}`;
}
