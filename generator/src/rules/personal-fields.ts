import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics/index.js";
import { isIdType, isPersonal, messagesOf, readFieldOptions } from "../model/index.js";
import type { Rule } from "./rule.js";

/** One field that is not personal itself identifies the data subject of the personal fields of a message. */
export const personalFields: Rule = (model, diagnostics) => {
  for (const message of model.files.flatMap(({ desc }) => messagesOf(desc))) checkSubject(message, diagnostics);
  for (const { desc } of model.all.flatMap(({ readModels }) => readModels)) {
    if (!containsPersonal(desc) || desc.fields.some(isSubject)) continue;
    diagnostics.report("read-model-without-subject", { desc }, desc.name);
  }
  for (const { desc } of model.all.flatMap(({ sagas }) => sagas)) {
    if (!containsPersonal(desc) || desc.fields.some(isSubject)) continue;
    diagnostics.report("saga-without-subject", { desc }, desc.name);
  }
};

function checkSubject(message: DescMessage, diagnostics: Diagnostics): void {
  const subjects = message.fields.filter(isSubject);
  const [subject] = subjects;
  if (subject === undefined) return;
  const name = `${message.name}.${subject.name}`;
  if (subjects.length > 1) {
    diagnostics.report("two-subjects", { desc: message }, message.name, subjects.map((field) => field.name).join(", "));
  }
  if (!isIdType(subject)) diagnostics.report("subject-type", { desc: subject }, name);
  if (isPersonal(subject)) diagnostics.report("personal-subject", { desc: subject }, name);
  else if (!containsPersonal(message)) diagnostics.report("subject-without-personal", { desc: subject }, name);
}

function isSubject(field: DescField): boolean {
  return readFieldOptions(field)?.subject === true;
}

/** Returns whether a message contains a personal field, at any depth. */
function containsPersonal(message: DescMessage, seen: Set<DescMessage> = new Set()): boolean {
  seen.add(message);
  return message.fields.some(
    (field) =>
      isPersonal(field) ||
      (field.message !== undefined && !seen.has(field.message) && containsPersonal(field.message, seen)),
  );
}
