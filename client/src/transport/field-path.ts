/**
 * Says where a field is by the names of the client's messages: `lines[0].unitPrice` for `lines[0].unit_price`. A key of a map that
 * could be a name is written like one, as JSON Pointers do not tell them apart.
 */
export function toFieldPath(path: string): string {
  return path.replace(/\["([a-z_]\w*)"\]|\[.*?\]|_+(\w)/gi, (whole, key?: string, letter?: string) =>
    key ? `.${key}` : (letter?.toUpperCase() ?? whole),
  );
}
