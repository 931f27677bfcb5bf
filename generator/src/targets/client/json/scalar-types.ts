import { ScalarType } from "@bufbuild/protobuf";

/** The type of a scalar in ProtoJSON. */
export function scalarType(scalar: ScalarType): string {
  switch (scalar) {
    case ScalarType.BOOL:
      return "boolean";
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 'number | "NaN" | "Infinity" | "-Infinity"';
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return "number";
    default:
      return "string";
  }
}

/** What a reader cannot see from the type of a scalar. */
export function scalarNote(scalar: ScalarType): string | undefined {
  switch (scalar) {
    case ScalarType.BYTES:
      return "Bytes in base64.";
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return "A 64-bit integer as text.";
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return "An unsigned 64-bit integer as text.";
    default:
      return undefined;
  }
}
