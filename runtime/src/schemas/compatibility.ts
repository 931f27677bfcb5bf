import { type DescEnum, type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/** A change by which stored data would be misread. */
export interface Misreading {
  /** What has changed, as it is now. */
  readonly element: DescField | DescOneof | DescEnum;
  /** What has changed, as a clause: `shop.OrderPlaced.note, number 2, was int32 and is string`. */
  readonly text: string;
}

/**
 * Finds where a message would misread data of an older declaration. Returns one misreading per fault; empty if all fields that
 * remain keep their meaning.
 */
export function findMisreadings(older: DescMessage, newer: DescMessage): readonly Misreading[] {
  const faults: Faults = new Map();
  compareMessages(older, newer, faults, new Map());
  return Array.from(faults, ([text, element]) => ({ element, text }));
}

/** Elements by the text of their fault, since a message may be reached on several paths. */
type Faults = Map<string, Misreading["element"]>;

/** Pairs that were or are being compared, since messages may be recursive. */
type Seen = Map<DescMessage | DescEnum, Set<DescMessage | DescEnum>>;

function seenBefore(older: DescMessage | DescEnum, newer: DescMessage | DescEnum, seen: Seen): boolean {
  const known = seen.get(older) ?? new Set();
  if (known.has(newer)) return true;
  seen.set(older, known.add(newer));
  return false;
}

function compareMessages(older: DescMessage, newer: DescMessage, faults: Faults, seen: Seen): void {
  if (seenBefore(older, newer, seen)) return;
  const before = new Map(older.fields.map((field) => [field.number, field]));
  const byNumber = new Map(newer.fields.map((field) => [field.number, field]));
  const byName = new Map(newer.fields.map((field) => [field.name, field]));
  for (const field of older.fields) {
    const moved = byName.get(field.name);
    // The old number may continue under another name. But if the new number was another field, two fields were swapped.
    const gone = moved !== undefined && (!byNumber.has(field.number) || before.has(moved.number));
    if (moved !== undefined && moved.number !== field.number && gone) {
      faults.set(`${nameOf(moved)} has moved from number ${field.number} to ${moved.number}`, moved);
    }
    const same = byNumber.get(field.number);
    if (same !== undefined) compareFields(field, same, faults, seen);
  }
  for (const field of newer.fields) {
    const known = before.get(field.number);
    if (isRequired(field) && (known === undefined || !isRequired(known))) {
      faults.set(`${nameOf(field)} has become required`, field);
    }
  }
  compareOneofs(older, newer, faults);
}

function compareFields(older: DescField, newer: DescField, faults: Faults, seen: Seen): void {
  const before = kindOf(older);
  const now = kindOf(newer);
  if (before !== now && !widens(older, newer)) {
    const renamed = older.name === newer.name ? "" : ` (then named ${older.name})`;
    faults.set(`${nameOf(newer)}, number ${newer.number}, was ${before}${renamed} and is ${now}`, newer);
    return;
  }
  if (older.message && newer.message) compareMessages(older.message, newer.message, faults, seen);
  if (older.enum && newer.enum) compareEnums(older.enum, newer.enum, faults, seen);
}

/** Describes the stored form of a field: cardinality and kind. Names of types do not matter. */
function kindOf(field: DescField): string {
  switch (field.fieldKind) {
    case "scalar":
      return scalarName(field.scalar);
    case "enum":
      return "an enum";
    case "message":
      return messageKind(field.delimitedEncoding);
    case "list":
      if (field.listKind === "scalar") return `repeated ${scalarName(field.scalar)}`;
      return field.listKind === "enum" ? "repeated enum" : `repeated ${field.delimitedEncoding ? "group" : "message"}`;
    case "map": {
      const value = field.mapKind === "scalar" ? scalarName(field.scalar) : field.mapKind;
      return `map<${scalarName(field.mapKey)}, ${value}>`;
    }
  }
}

function messageKind(delimited: boolean): string {
  return delimited ? "a group" : "a message";
}

function scalarName(type: ScalarType): string {
  return (ScalarType[type] as string).toLowerCase();
}

/** Types that hold every value of an older type, with the same encoding. */
const wider: Readonly<Partial<Record<ScalarType, ScalarType>>> = {
  [ScalarType.INT32]: ScalarType.INT64,
  [ScalarType.UINT32]: ScalarType.UINT64,
  [ScalarType.SINT32]: ScalarType.SINT64,
  [ScalarType.STRING]: ScalarType.BYTES,
};

function widens(older: DescField, newer: DescField): boolean {
  if (older.fieldKind === "scalar" && newer.fieldKind === "scalar") return wider[older.scalar] === newer.scalar;
  return (
    older.fieldKind === "list" &&
    newer.fieldKind === "list" &&
    older.listKind === "scalar" &&
    newer.listKind === "scalar" &&
    wider[older.scalar] === newer.scalar
  );
}

/** A parser keeps only the last member of a oneof, so fields that could be set together must not be joined in one. */
function compareOneofs(older: DescMessage, newer: DescMessage, faults: Faults): void {
  const before = new Map(older.fields.map((field) => [field.number, field]));
  for (const oneof of newer.oneofs) {
    const known = oneof.fields.flatMap((field) => before.get(field.number) ?? []);
    const [first] = known;
    if (known.length > 1 && (first?.oneof === undefined || known.some((field) => field.oneof !== first.oneof))) {
      const names = known.map(({ number }) => number).join(" and ");
      const text = `fields ${names} of ${newer.typeName} could be set together and exclude one another now (${oneof.name})`;
      faults.set(text, oneof);
    }
  }
}

/** Finds renumbered values. New names, also for old numbers, are no fault. */
function compareEnums(older: DescEnum, newer: DescEnum, faults: Faults, seen: Seen): void {
  if (seenBefore(older, newer, seen)) return;
  const now = new Map(newer.values.map((value) => [value.name, value.number]));
  for (const { name, number } of older.values) {
    const renumbered = now.get(name);
    if (renumbered !== undefined && renumbered !== number) {
      faults.set(`${name} of the enum ${newer.typeName} was ${number} and is ${renumbered}`, newer);
    }
  }
  if (!newer.open) {
    const known = new Set(newer.values.map(({ number }) => number));
    for (const { name, number } of older.values) {
      if (known.has(number)) continue;
      faults.set(`the closed enum ${newer.typeName} has no value ${number} any more (${name})`, newer);
    }
  }
}

function isRequired(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}

function nameOf(field: DescField): string {
  return `${field.parent.typeName}.${field.name}`;
}
