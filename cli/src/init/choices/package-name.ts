/** A name for the package of a folder: its name, in what npm allows. */
export function packageNameOf(folder: string): string {
  const name = folder
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[-._]+|[-._]+$/g, "");
  return name === "" ? "service" : name.slice(0, 214);
}

/** Whether npm allows a name for a package. */
export function isPackageName(name: string): boolean {
  return name.length <= 214 && /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name);
}
