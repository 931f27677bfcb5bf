import { type Surface, surfaces } from "../findings/index.js";

/**
 * The surfaces that are compared, by the text of buf.gen.yaml: GraphQL and AsyncAPI if the project generates them, or does not say
 * what it generates.
 */
export function surfacesOf(template: string | undefined): ReadonlySet<Surface> {
  const isGenerated = (target: string): boolean =>
    template === undefined || new RegExp(`\\b${target}\\b`).test(template);
  return new Set(
    surfaces.filter((surface) => (surface === "graphql" || surface === "asyncapi" ? isGenerated(surface) : true)),
  );
}
