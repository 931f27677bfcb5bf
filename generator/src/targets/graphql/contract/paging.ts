import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { MethodModel } from "../../../model/index.js";
import { scalarOfMessage } from "./scalars.js";

/** The fields by which a list is paged, as AIP-158 has it. */
export interface Paging {
  readonly items: DescField & { readonly message: DescMessage };
  readonly pageSize: DescField;
  readonly pageToken: DescField;
  readonly nextPageToken: DescField;
}

/** How a query is paged; undefined: it is not. */
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
  // The arguments of connections.
  if (input.fields.some(({ jsonName }) => jsonName === "first" || jsonName === "after")) return undefined;
  return { items: items as Paging["items"], pageSize, pageToken, nextPageToken };
}

/** The first list of a kind by its number, so that one that is added later changes nothing. */
export function firstList({ fields }: DescMessage, fits: (field: DescField) => boolean): DescField | undefined {
  const [first] = fields
    .filter((field) => field.fieldKind === "list" && fits(field))
    .toSorted((one, other) => one.number - other.number);
  return first;
}
