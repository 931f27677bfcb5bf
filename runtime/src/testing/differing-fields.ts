/**
 * Returns the paths at which two values differ, such as `lines[0].sku`; empty: they are equal. An undefined field equals an absent
 * one. Returns no values, which may be personal data.
 */
export function findDifferingFields(left: unknown, right: unknown, path = ""): readonly string[] {
  if (Object.is(left, right)) return [];
  const here = [path === "" ? "(all)" : path];
  if (!isObject(left) || !isObject(right) || kindOf(left) !== kindOf(right)) return here;
  if (left instanceof Date && right instanceof Date) return Object.is(left.getTime(), right.getTime()) ? [] : here;
  if (ArrayBuffer.isView(left)) return String(left) === String(right) ? [] : here;
  if (left instanceof Set && right instanceof Set) {
    return findDifferingFields([...left], [...right], path).length === 0 ? [] : here;
  }
  if (left instanceof Map && right instanceof Map) {
    const keys = [...new Set([...left.keys(), ...right.keys()])];
    return keys.flatMap((key) => findDifferingFields(left.get(key), right.get(key), `${path}[${JSON.stringify(key)}]`));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return [`${path}.length`];
    return left.flatMap((one, i) => findDifferingFields(one, right[i], `${path}[${i}]`));
  }
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((name) => {
    const [a, b] = [left, right].map((value) => (value as Record<string, unknown>)[name]);
    return findDifferingFields(a, b, path === "" ? name : `${path}.${name}`);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Instances of user classes, such as messages, are compared by their fields too. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value);
}
