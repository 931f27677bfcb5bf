import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import type { FieldMask } from "@bufbuild/protobuf/wkt";
import type { Schema } from "../keywords/index.js";
import type { RuleValues } from "../read-rules/index.js";

/** Schemas of the rules of field masks. A listed path includes the paths below it. */
export function fieldMaskRules(values: RuleValues): Schema[] {
  const {
    const: only,
    in: some,
    notIn,
  } = values as { const?: FieldMask; in?: readonly string[]; notIn?: readonly string[] };
  const below = "(\\.[^,]*)?";
  return [
    ...(only === undefined ? [] : [{ const: only.paths.map(protoCamelCase).join(",") }]),
    ...(some === undefined ? [] : [{ pattern: `^(${either(some)}${below}(,${either(some)}${below})*)?$` }]),
    ...(notIn === undefined ? [] : [{ not: { pattern: `(^|,)${either(notIn)}(\\.|,|$)` } }]),
  ];
}

function either(paths: readonly string[]): string {
  return `(${paths.map((path) => protoCamelCase(path).replaceAll(".", "\\.")).join("|")})`;
}
