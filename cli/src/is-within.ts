import { sep } from "node:path";

/** Whether a path is a folder or below it. Both are absolute and normalized, with separators of the system, or of another one. */
export function isWithin(path: string, folder: string, separator: string = sep): boolean {
  return path === folder || path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
}
