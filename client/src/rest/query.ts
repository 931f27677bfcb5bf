import { type Fields, isObject } from "./fields.js";

/** Writes the fields of a request as a query string: `filter.state=OPEN&labels[color]=red&tags=a&tags=b`. Empty if there are none. */
export function toQuery(fields: Fields, maps: readonly string[] = []): string {
  const pairs: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) for (const one of value) add(name, one);
    else if (isObject(value)) {
      const isMap = maps.includes(name);
      for (const [key, one] of Object.entries(value))
        add(isMap ? `${name}[${key}]` : name ? `${name}.${key}` : key, one);
    } else pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  };
  add("", fields);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
