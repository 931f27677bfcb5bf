import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import type { Keywords } from "../options.js";
import { set } from "../set.js";

/** The keywords of both dialects, which write exclusive bounds as flags. What is zero is not said. */
export interface ForeignKeywords {
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** Those keywords that can hold of a field as ProtoJSON writes it: a number of 64 bits is a text without bounds. */
export function toKeywords(field: DescField, said: ForeignKeywords): Keywords {
  return set({ value: ofValue(scalarOf(field), said), whole: ofWhole(field, said) });
}

/** The format, which says something new only of texts: those of others follow from their types. */
export function toFormat(field: DescField, { format }: ForeignKeywords): string | undefined {
  return scalarOf(field) === ScalarType.STRING ? format : undefined;
}

type Said = { readonly [keyword: string]: string | number };

function ofValue(scalar: ScalarType | undefined, said: ForeignKeywords): Said {
  switch (scalar) {
    case ScalarType.STRING: {
      const { pattern, minLength, maxLength } = said;
      return set({ pattern: isPattern(pattern) ? pattern : undefined, minLength, maxLength });
    }
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return bounds(said);
    default:
      return {};
  }
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: ForeignKeywords): Said {
  return set({
    minimum: exclusiveMinimum ? undefined : minimum,
    exclusiveMinimum: exclusiveMinimum ? (minimum ?? 0) : undefined,
    maximum: exclusiveMaximum ? undefined : maximum,
    exclusiveMaximum: exclusiveMaximum ? (maximum ?? 0) : undefined,
    multipleOf,
  });
}

function ofWhole({ fieldKind }: DescField, said: ForeignKeywords): NonNullable<Keywords["whole"]> {
  const { minItems, maxItems, uniqueItems, minProperties, maxProperties } = said;
  if (fieldKind === "list") return set({ minItems, maxItems, uniqueItems });
  return fieldKind === "map" ? set({ minProperties, maxProperties }) : {};
}

/** The scalar that a field, each of its items, or its wrapper holds. */
function scalarOf(field: DescField): ScalarType | undefined {
  if (field.fieldKind === "map") return undefined;
  const message: DescMessage | undefined = field.message;
  return message !== undefined && isWrapperDesc(message) ? message.fields[0]?.scalar : field.scalar;
}

/** A pattern that is none would make the whole document unusable. */
function isPattern(pattern: string | undefined): boolean {
  try {
    return pattern !== undefined && new RegExp(pattern, "u") !== undefined;
  } catch {
    return false;
  }
}
