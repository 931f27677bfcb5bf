import type { AnyDesc } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics/index.js";
import type { Rule } from "./rule.js";

interface Element {
  readonly localName: string;
  readonly desc: AnyDesc & { readonly name: string };
}

/** Elements that become properties of the same generated object have distinct names. */
export const nameCollision: Rule = (model, diagnostics) => {
  for (const file of model.all) {
    for (const { desc, commands, events, superseded, errors } of file.aggregates) {
      for (const elements of [commands, [...events, ...superseded], errors]) check(desc.name, elements, diagnostics);
    }
    for (const { desc, from } of file.readModels) check(desc.name, from, diagnostics);
    for (const { methods } of file.services) {
      for (const { name, role } of methods) if (role.kind === "command") check(name, role.errors, diagnostics);
    }
  }
};

function check(owner: string, elements: readonly Element[], diagnostics: Diagnostics): void {
  const known = new Map<string, Element>();
  for (const element of elements) {
    const other = known.get(element.localName);
    known.set(element.localName, element);
    if (other === undefined || other.desc === element.desc) continue;
    diagnostics.report(
      "name-collision",
      { desc: element.desc },
      fullName(other),
      fullName(element),
      element.localName,
      owner,
    );
  }
}

function fullName({ desc }: Element): string {
  return "typeName" in desc ? desc.typeName : desc.kind === "rpc" ? `${desc.parent.typeName}.${desc.name}` : desc.name;
}
