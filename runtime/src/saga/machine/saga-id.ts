import { PotterError } from "../../errors/index.js";
import type { SagaDeclaration } from "../declaration/index.js";

/** Returns the id of the saga with this data. Throws `invalid_argument` if it is empty: all such sagas would be one. */
export function idOf({ name, key }: Pick<SagaDeclaration, "name" | "key">, data: unknown): string {
  const id = key(data as never);
  if (id !== "") return id;
  throw new PotterError(
    "invalid_argument",
    `the saga ${name} has no id: set the field ${fieldReadBy(key)} of its data`,
  );
}

/** The local name of the field that a function of the generated code reads, for messages. */
export function fieldReadBy(key: (data: never) => string): string {
  const fields: string[] = [];
  const data = new Proxy(
    {},
    {
      get(_, field) {
        fields.push(String(field));
        return "";
      },
    },
  );
  try {
    key(data as never);
  } catch {
    // A field that is no text: what was read is noted.
  }
  return fields[0] ?? "";
}
