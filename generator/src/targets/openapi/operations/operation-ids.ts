import type { Diagnostics } from "../../../diagnostics/index.js";
import type { MethodModel, OpenApiFacts } from "../../../model/index.js";
import type { OpenApiOptions } from "../selection/index.js";

/** A binding that is to be named: its method, and which of the method's bindings it is, counted from 0. */
export interface NamedBinding {
  readonly method: MethodModel;
  readonly nth: number;
}

/**
 * The ids of operations, each once: what options say, then `Service_Rpc` with the package before it where two services are
 * called the same, then further bindings with a number. A name that is taken gets a number too, and a warning says so.
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
  const said = firsts.filter(({ method }) => facts.operation(method.desc).operationId !== undefined);
  for (const binding of [...said, ...firsts.filter((one) => !said.includes(one))]) {
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

/** The first id that is free, with a number behind it that is not below `from`. */
function withNumber(id: string, from: number, taken: ReadonlySet<string>): string {
  let number = from;
  while (taken.has(`${id}_${number}`)) number++;
  return `${id}_${number}`;
}

/** What each method's operation would be called if nothing else were. */
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
    const said = facts.operation(desc).operationId;
    if (said !== undefined) return said;
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
