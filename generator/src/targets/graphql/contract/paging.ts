import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { MethodModel } from "../../../model/index.js";
import { scalarOfMessage } from "./scalars.js";

/** The fields that page a list, as in AIP-158. */
export interface Paging {
  readonly items: DescField & { readonly message: DescMessage };
  readonly pageSize: DescField;
  readonly pageToken: DescField;
  readonly nextPageToken: DescField;
}

/** The paging fields of a query; undefined if it is not paged. */
export function findPaging({ desc: { input, output } }: MethodModel): Paging | undefined {
  const pageSize = input.fields.find(({ name, scalar }) => name === "page_size" && scalar === ScalarType.INT32);
  const pageToken = input.fields.find(({ name, scalar }) => name === "page_token" && scalar === ScalarType.STRING);
  const nextPageToken = output.fields.find(
    ({ name, scalar }) => name === "next_page_token" && scalar === ScalarType.STRING,
  );
  const items = firstList(output, (field) => field.message !== undefined);
  const message = items?.message;
  if (pageSize === undefined || pageToken === undefined || nextPageToken === undefined) return undefined;
  if (items === undefined || message === undefined || scalarOfMessage(message) !== undefined) return undefined;
  // Connections use these names for their own arguments.
  if (input.fields.some(({ jsonName }) => jsonName === "first" || jsonName === "after")) return undefined;
  return { items: items as Paging["items"], pageSize, pageToken, nextPageToken };
}

/** The first matching list by field number, so that a list added later changes nothing. */
export function firstList({ fields }: DescMessage, fits: (field: DescField) => boolean): DescField | undefined {
  const [first] = fields
    .filter((field) => field.fieldKind === "list" && fits(field))
    .toSorted((one, other) => one.number - other.number);
  return first;
}
