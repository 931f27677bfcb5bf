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

/** The paging fields of a query whose list is a connection; undefined if it is none. */
export function findPaging({ desc: { input }, pages }: MethodModel): Paging | undefined {
  const pageSize = input.fields.find(({ name, scalar }) => name === "page_size" && scalar === ScalarType.INT32);
  if (pages === undefined || pageSize === undefined) return undefined;
  const { items, token: pageToken, next: nextPageToken } = pages;
  if (items.message === undefined || scalarOfMessage(items.message) !== undefined) return undefined;
  // Connections use these names for their own arguments.
  if (input.fields.some(({ jsonName }) => jsonName === "first" || jsonName === "after")) return undefined;
  return { items: items as Paging["items"], pageSize, pageToken, nextPageToken };
}
