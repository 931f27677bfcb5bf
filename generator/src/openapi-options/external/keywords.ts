import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import type { Keywords } from "../options.js";
import { set } from "../set.js";

/** The keywords of gnostic and grpc-gateway, in which exclusive bounds are flags and zero means unset. */
export interface ExternalKeywords {
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

/** The keywords that apply to the ProtoJSON of a field. 64-bit numbers are strings, which have no bounds. */
export function toKeywords(field: DescField, keywords: ExternalKeywords): Keywords {
  return set({ value: ofValue(scalarOf(field), keywords), whole: ofWhole(field, keywords) });
}

/** The format, for strings only. Other formats follow from the type. */
export function toFormat(field: DescField, { format }: ExternalKeywords): string | undefined {
  return scalarOf(field) === ScalarType.STRING ? format : undefined;
}

type KeywordValues = { readonly [keyword: string]: string | number };

function ofValue(scalar: ScalarType | undefined, keywords: ExternalKeywords): KeywordValues {
  switch (scalar) {
    case ScalarType.STRING: {
      const { pattern, minLength, maxLength } = keywords;
      return set({ pattern: isPattern(pattern) ? pattern : undefined, minLength, maxLength });
    }
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return bounds(keywords);
    default:
      return {};
  }
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: ExternalKeywords): KeywordValues {
  return set({
    minimum: exclusiveMinimum ? undefined : minimum,
    exclusiveMinimum: exclusiveMinimum ? (minimum ?? 0) : undefined,
    maximum: exclusiveMaximum ? undefined : maximum,
    exclusiveMaximum: exclusiveMaximum ? (maximum ?? 0) : undefined,
    multipleOf,
  });
}

function ofWhole({ fieldKind }: DescField, keywords: ExternalKeywords): NonNullable<Keywords["whole"]> {
  const { minItems, maxItems, uniqueItems, minProperties, maxProperties } = keywords;
  if (fieldKind === "list") return set({ minItems, maxItems, uniqueItems });
  return fieldKind === "map" ? set({ minProperties, maxProperties }) : {};
}

/** The scalar of a field, of its items or of its wrapper. */
function scalarOf(field: DescField): ScalarType | undefined {
  if (field.fieldKind === "map") return undefined;
  const message: DescMessage | undefined = field.message;
  return message !== undefined && isWrapperDesc(message) ? message.fields[0]?.scalar : field.scalar;
}

/** An invalid pattern would make the document unusable. */
function isPattern(pattern: string | undefined): boolean {
  try {
    return pattern !== undefined && new RegExp(pattern, "u") !== undefined;
  } catch {
    return false;
  }
}
