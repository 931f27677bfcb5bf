import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { readFieldOptions, readOneofOptions } from "../../graphql-options/index.js";
import { isName, Scope, toFieldName, toOneofName } from "./names.js";
import { answeredMembers, askedMembers } from "./oneof-types.js";
import type { Types } from "./types.js";

/** A field or a choice of a message, and its name in the schema. */
export interface Member {
  readonly name: string;
  readonly desc: DescField | DescOneof;
}

/** What of a message is answered. */
export function listAnswered(types: Types, desc: DescMessage): readonly Member[] {
  return listMembers(types, desc, (field) => !readFieldOptions(field).inputOnly, answeredMembers);
}

/** What of a message is asked for. */
export function listAsked(types: Types, desc: DescMessage): readonly Member[] {
  return listMembers(types, desc, (field) => !readFieldOptions(field).outputOnly, askedMembers);
}

function listMembers(
  types: Types,
  desc: DescMessage,
  fits: (field: DescField) => boolean,
  membersOf: (oneof: DescOneof) => readonly DescField[],
): readonly Member[] {
  const scope = new Scope();
  return desc.members
    .filter((member) =>
      member.kind === "oneof" ? membersOf(member).length > 0 : !readFieldOptions(member).ignore && fits(member),
    )
    .map((member) => ({ name: nameOf(types, member, scope), desc: member }));
}

function nameOf(types: Types, desc: DescField | DescOneof, scope: Scope): string {
  const chosen = desc.kind === "oneof" ? readOneofOptions(desc).name : readFieldOptions(desc).name;
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
