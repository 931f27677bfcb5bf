/** `OrderView` → `order-view`; `Outer_Placed` → `outer-placed`. */
export function fileNameOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
}

/** `OrderView` → `orderView`, `HTTPClient` → `httpClient`. Never a reserved word, which is no name of a constant. */
export function propertyOf(name: string): string {
  const joined = name.replaceAll(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const lower = joined.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());
  return reserved.has(lower) ? `${lower}Part` : lower;
}

/** `OrderService` → `Order`. */
export function withoutService(name: string): string {
  return name.length > "Service".length && name.endsWith("Service") ? name.slice(0, -"Service".length) : name;
}

const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);
