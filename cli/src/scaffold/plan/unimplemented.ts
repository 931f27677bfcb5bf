import type { ExpectedContract, ExpectedPart } from "../contract/index.js";
import type { LeftOut } from "../places/index.js";

/** Whether an app of the project lists as `unimplemented` all that a part would handle. */
export function isUnimplemented(part: ExpectedPart, contract: ExpectedContract, leftOut: readonly LeftOut[]): boolean {
  const isListed = (module: string, name: string, method?: string): boolean =>
    leftOut.some((one) => one.definition.module === module && one.definition.name === name && one.method === method);
  if (isListed(part.module, part.name)) return true;
  const services = contract.services.get(part) ?? [];
  if (services.length > 0 && services.every(({ module, name }) => isListed(module, name))) return true;
  const methods = part.method === "queries" || part.method === "commands" ? [...part.behaviour.required.keys()] : [];
  return methods.length > 0 && methods.every((method) => isListed(part.module, part.name, method));
}
