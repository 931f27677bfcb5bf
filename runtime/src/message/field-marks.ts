import type { DescField } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Number of the extension potter.v1.field. */
const fieldExtension = 50708;

/** What the contract says of a field that concerns the person behind it. */
export interface FieldMarks {
  /** `personal`, number 3 of the option. */
  readonly personal: boolean;
  /** `subject`, number 4. */
  readonly subject: boolean;
}

const none: FieldMarks = Object.freeze({ personal: false, subject: false });
const known = new WeakMap<DescField, FieldMarks>();

/** Read off the option's bytes: the runtime has no generated code of the annotations. */
export function readFieldMarks(field: DescField): FieldMarks {
  let marks = known.get(field);
  if (marks === undefined) {
    const options = field.proto.options?.$unknown?.filter(({ no }) => no === fieldExtension) ?? [];
    marks = options.reduce((before, { data }) => readMarks(new BinaryReader(data).bytes(), before), none);
    known.set(field, marks);
  }
  return marks;
}

/** An option that is written in parts is merged: what a later part does not mention stays. */
function readMarks(bytes: Uint8Array, before: FieldMarks): FieldMarks {
  const reader = new BinaryReader(bytes);
  let { personal, subject } = before;
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === 3 && type === WireType.Varint) personal = reader.bool();
    else if (number === 4 && type === WireType.Varint) subject = reader.bool();
    else reader.skip(type, number);
  }
  return { personal, subject };
}
