import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { PotterError } from "../errors/index.js";
import { holdsPersonal, readFieldMarks } from "../message/index.js";
import { envelopeField } from "./envelope.js";

/** The fields of a message to extract, by number. A field that is not in the plan stays as it is. */
export type CutPlan = ReadonlyMap<number, FieldCut>;

/** `whole`: the field itself is personal. A plan: the field is a message that contains personal fields. */
export type FieldCut = "whole" | CutPlan;

const plans = new WeakMap<DescMessage, CutPlan>();
/** The plans of messages that are stored, null if none of their fields is personal. */
const checked = new WeakMap<DescMessage, CutPlan | null>();

/** Returns the fields to extract from a message's bytes; undefined if none is personal, at any depth. */
export function cutPlanOf(schema: DescMessage): CutPlan | undefined {
  let plan = checked.get(schema);
  if (plan === undefined) {
    plan = checkedPlan(schema) ?? null;
    checked.set(schema, plan);
  }
  return plan ?? undefined;
}

function checkedPlan(schema: DescMessage): CutPlan | undefined {
  if (!holdsPersonal(schema)) return undefined;
  const clash = schema.fields.find(({ number }) => number === envelopeField);
  if (clash === undefined) return buildPlan(schema);
  throw new PotterError(
    "failed_precondition",
    `${clash.toString()} has the number ${envelopeField}, under which the personal fields of ${schema.typeName} are stored: give it another`,
  );
}

function buildPlan(schema: DescMessage): CutPlan {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  const plan = new Map<number, FieldCut>();
  // Registered before it is filled, since a message may contain itself.
  plans.set(schema, plan);
  for (const field of schema.fields) {
    const cut = cutOf(field);
    if (cut !== undefined) plan.set(field.number, cut);
  }
  return plan;
}

function cutOf(field: DescField): FieldCut | undefined {
  if (readFieldMarks(field).personal) return "whole";
  if (field.message === undefined || !holdsPersonal(field.message)) return undefined;
  const plan = buildPlan(field.message);
  // On the wire, an entry of a map is a message with the key as field 1 and the value as field 2.
  return field.fieldKind === "map" ? new Map([[2, plan]]) : plan;
}
