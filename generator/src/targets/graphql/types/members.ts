import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { isName, NameScope, toFieldName, toOneofName } from "../names/index.js";
import { inputMembersOf, outputMembersOf } from "./oneof-types.js";
import type { Types } from "./types.js";

/** A field or oneof of a message, and its schema name. */
export interface Member {
  readonly name: string;
  readonly desc: DescField | DescOneof;
}

/** The members of a message in responses. */
export function listOutputMembers(types: Types, desc: DescMessage): readonly Member[] {
  return listMembers(types, desc, (field) => !types.facts.field(field).inputOnly, outputMembersOf);
}

/** The members of a message in requests. */
export function listInputMembers(types: Types, desc: DescMessage): readonly Member[] {
  return listMembers(types, desc, (field) => !types.facts.field(field).outputOnly, inputMembersOf);
}

function listMembers(
  types: Types,
  desc: DescMessage,
  fits: (field: DescField) => boolean,
  membersOf: (types: Types, oneof: DescOneof) => readonly DescField[],
): readonly Member[] {
  const scope = new NameScope();
  return desc.members
    .filter((member) =>
      member.kind === "oneof" ? membersOf(types, member).length > 0 : !types.facts.field(member).ignore && fits(member),
    )
    .map((member) => ({ name: nameOf(types, member, scope), desc: member }));
}

function nameOf(types: Types, desc: DescField | DescOneof, scope: NameScope): string {
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
