import type { Diagnostics } from "../../../diagnostics/index.js";
import type { MethodModel, OpenApiFacts } from "../../../model/index.js";
import type { OpenApiOptions } from "../selection/index.js";

/** A binding to name: its method, and its index among the method's bindings. */
export interface NamedBinding {
  readonly method: MethodModel;
  readonly nth: number;
}

/**
 * Names operations uniquely: by option, or else `Service_Rpc`, with the package if two services share a name. Further
 * bindings get a number. So do names that are taken, with a warning.
 */
export function nameOperations(
  bindings: readonly NamedBinding[],
  style: OpenApiOptions["operation_ids"],
  facts: OpenApiFacts,
  diagnostics: Diagnostics,
): ReadonlyMap<NamedBinding, string> {
  const wanted = wantedIds(bindings, style, facts);
  const ids = new Map<NamedBinding, string>();
  const taken = new Set<string>();
  const take = (binding: NamedBinding, id: string): void => {
    taken.add(id);
    ids.set(binding, id);
  };
  const firsts = bindings.filter(({ nth }) => nth === 0);
  const chosen = firsts.filter(({ method }) => facts.operation(method.desc).operationId !== undefined);
  for (const binding of [...chosen, ...firsts.filter((one) => !chosen.includes(one))]) {
    const { desc } = binding.method;
    const id = wanted(binding.method);
    const isOwn = facts.hasOwnOperationId(desc);
    const other = taken.has(id) && !isOwn ? withNumber(id, 2, taken) : "";
    if (taken.has(id))
      diagnostics.report("openapi-name-collision", { desc, lenient: !isOwn }, desc.name, "operation", id, other);
    take(binding, other === "" ? id : other);
  }
  for (const binding of bindings) {
    const { method, nth } = binding;
    if (nth > 0) take(binding, withNumber(wanted(method), nth + 1, taken));
  }
  return ids;
}

/** The first free id with a number of at least `from`. */
function withNumber(id: string, from: number, taken: ReadonlySet<string>): string {
  let number = from;
  while (taken.has(`${id}_${number}`)) number++;
  return `${id}_${number}`;
}

/** The preferred id of each method. */
function wantedIds(
  bindings: readonly NamedBinding[],
  style: OpenApiOptions["operation_ids"],
  facts: OpenApiFacts,
): (method: MethodModel) => string {
  const methods = new Set(bindings.map(({ method }) => method.desc));
  const services = new Set([...methods].map(({ parent }) => parent));
  const rpcs = count([...methods].map(({ name }) => name));
  const twins = count([...services].map(({ name }) => name));
  return ({ desc }) => {
    const chosen = facts.operation(desc).operationId;
    if (chosen !== undefined) return chosen;
    if (style === "rpc" && rpcs.get(desc.name) === 1) return desc.name;
    const { parent } = desc;
    const prefix = twins.get(parent.name) === 1 ? parent.name : parent.typeName.replaceAll(".", "_");
    return `${prefix}_${desc.name}`;
  };
}

function count(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
