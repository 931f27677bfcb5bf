/** Returns the path of the module of the target `cqrs` for a proto file, without extension. Modules of other targets import it. */
export function cqrsPath(fileName: string): string {
  return `${fileName}_cqrs`;
}
