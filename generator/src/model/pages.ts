import { type DescField, type DescMessage, type DescMethod, ScalarType } from "@bufbuild/protobuf";
import type { PagesModel } from "./model.js";

/** Finds the fields by which a query pages its list, as in AIP-158. undefined: it is not paged. */
export function findPages({ input, output, methodKind }: DescMethod): PagesModel | undefined {
  if (methodKind !== "unary") return undefined;
  const token = findText(input, "page_token");
  const next = findText(output, "next_page_token");
  const items = firstList(output, (field) => field.message !== undefined) ?? firstList(output, () => true);
  return token && next && items && { items, token, next };
}

/** The first matching list by field number, so that a list added later changes nothing. */
export function firstList({ fields }: DescMessage, fits: (field: DescField) => boolean): DescField | undefined {
  const [first] = fields
    .filter((field) => field.fieldKind === "list" && fits(field))
    .toSorted((one, other) => one.number - other.number);
  return first;
}

function findText({ fields }: DescMessage, wanted: string): DescField | undefined {
  return fields.find(
    ({ name, fieldKind, scalar }) => name === wanted && fieldKind === "scalar" && scalar === ScalarType.STRING,
  );
}
