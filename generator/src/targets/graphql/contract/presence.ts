import type { DescField } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/** Whether a field distinguishes absence from its zero value. Lists, maps and fields with implicit presence do not. */
export function presenceOf(field: DescField): "implicit" | "explicit" {
  if (field.fieldKind === "list" || field.fieldKind === "map") return "implicit";
  return field.presence === FeatureSet_FieldPresence.IMPLICIT ? "implicit" : "explicit";
}
