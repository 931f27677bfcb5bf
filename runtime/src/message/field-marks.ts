import type { DescField } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Number of the extension potter.v1.field. */
const fieldExtension = 50708;

/** How the contract marks a field for the protection of personal data. */
export interface FieldMarks {
  /** `personal`, number 3 of the option. */
  readonly personal: boolean;
  /** `subject`, number 4. */
  readonly subject: boolean;
}

const none: FieldMarks = Object.freeze({ personal: false, subject: false });
const known = new WeakMap<DescField, FieldMarks>();

/** Reads the marks of a field. It parses the bytes of the option, since the runtime has no generated code of the annotations. */
export function readFieldMarks(field: DescField): FieldMarks {
  let marks = known.get(field);
  if (marks === undefined) {
    const options = field.proto.options?.$unknown?.filter(({ no }) => no === fieldExtension) ?? [];
    marks = options.reduce((before, { data }) => readMarks(new BinaryReader(data).bytes(), before), none);
    known.set(field, marks);
  }
  return marks;
}

/** Merges an option that is encoded in several parts: values that a later part lacks stay. */
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
