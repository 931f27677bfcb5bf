/** The address of a page of the documentation, which users do not have in their project: `guides/generating.md#javascript`. */
export function docsUrl(page: string): string {
  return `https://github.com/potter-framework/potter/blob/main/docs/${page}`;
}
