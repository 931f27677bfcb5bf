import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import type { FieldMask } from "@bufbuild/protobuf/wkt";
import type { Schema } from "../keywords/index.js";
import type { RuleValues } from "../rules/index.js";

/** The rules of field masks, of which the paths that are listed stand for those below them too. */
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
