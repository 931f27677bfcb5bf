import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { isName, Scope, toFieldName, toOneofName } from "../names/index.js";
import { answeredMembers, askedMembers } from "./oneof-types.js";
import type { Types } from "./types.js";

/** A field or a choice of a message, and its name in the schema. */
export interface Member {
  readonly name: string;
  readonly desc: DescField | DescOneof;
}

/** What of a message is answered. */
export function listAnswered(types: Types, desc: DescMessage): readonly Member[] {
  return listMembers(types, desc, (field) => !types.facts.field(field).inputOnly, answeredMembers);
}

/** What of a message is asked for. */
export function listAsked(types: Types, desc: DescMessage): readonly Member[] {
  return listMembers(types, desc, (field) => !types.facts.field(field).outputOnly, askedMembers);
}

function listMembers(
  types: Types,
  desc: DescMessage,
  fits: (field: DescField) => boolean,
  membersOf: (types: Types, oneof: DescOneof) => readonly DescField[],
): readonly Member[] {
  const scope = new Scope();
  return desc.members
    .filter((member) =>
      member.kind === "oneof" ? membersOf(types, member).length > 0 : !types.facts.field(member).ignore && fits(member),
    )
    .map((member) => ({ name: nameOf(types, member, scope), desc: member }));
}

function nameOf(types: Types, desc: DescField | DescOneof, scope: Scope): string {
  const chosen = desc.kind === "oneof" ? types.facts.oneof(desc).name : types.facts.field(desc).name;
  const usual = desc.kind === "oneof" ? toOneofName(desc) : toFieldName(desc);
  if (chosen === "") return scope.take(usual);
  if (!isName(chosen)) {
    types.diagnostics.report("graphql-name", { desc }, desc.name, chosen);
    return scope.take(usual);
  }
  if (scope.has(chosen)) {
    types.diagnostics.report("graphql-name-collision", { desc }, desc.name, chosen, desc.parent.name, "");
  }
  return scope.take(chosen);
}
