import type { DescField, DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { type ReflectList, type ReflectMap, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** A value that the codec writes and no schema accepts. */
export interface Surplus {
  readonly name: string;
  readonly why: string;
  /** Whether a field that is set holds it. */
  readonly isIn: (field: DescField, message: ReflectMessage) => boolean;
  /** A message of the truth table, and JSON that the runtime reads, writes so, and the schema refuses. */
  readonly example: { readonly message: string; readonly json: JsonValue };
}

/** All surplus. Schemas must accept every other value that the codec writes. */
export const knownSurplus: readonly Surplus[] = [
  {
    name: "numbers of enums that have no name",
    why: "They come from those who know more values. Documents name those that there are, and clients are typed by them.",
    isIn: (field, message) => {
      const { enum: names } = field;
      return names !== undefined && valuesOf(field, message).some((one) => names.value[Number(one)] === undefined);
    },
    example: { message: "Enums", json: { implicit: 77 } },
  },
];

/** The surplus in a message, at any depth. */
export function findSurplus(desc: DescMessage, message: Message): Surplus | undefined {
  const reflected = reflect(desc, message);
  for (const field of reflected.fields) {
    if (!reflected.isSet(field)) continue;
    const own = knownSurplus.find(({ isIn }) => isIn(field, reflected));
    if (own !== undefined) return own;
    if (field.message === undefined) continue;
    for (const value of valuesOf(field, reflected)) {
      const within = findSurplus(field.message, (value as ReflectMessage).message);
      if (within !== undefined) return within;
    }
  }
  return undefined;
}

function valuesOf(field: DescField, message: ReflectMessage): unknown[] {
  const value: unknown = message.get(field);
  if (field.fieldKind === "list") return [...(value as ReflectList)];
  if (field.fieldKind === "map") return [...(value as ReflectMap).values()];
  return [value];
}
