import { composeServices as composeByApollo } from "@apollo/composition";
import { composeServices as composeByTheGuild, compositionHasErrors } from "@theguild/federation-composition";
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from "@wundergraph/composition";
import { parse } from "graphql";

/** A subgraph of a supergraph. */
export interface Subgraph {
  readonly name: string;
  readonly sdl: string;
}

/** The composers, independent of one another: each takes subgraphs and returns complaints. */
export const composers: Readonly<Record<string, (subgraphs: readonly Subgraph[]) => readonly string[]>> = {
  "@apollo/composition": (subgraphs) => {
    const { errors = [] } = composeByApollo(subgraphs.map(toService));
    return errors.map(({ message }) => message);
  },
  "@theguild/federation-composition": (subgraphs) => {
    const result = composeByTheGuild(subgraphs.map(toService));
    return compositionHasErrors(result) ? result.errors.map(({ message }) => message) : [];
  },
  "@wundergraph/composition": (subgraphs) => {
    const result = federateSubgraphs({
      subgraphs: subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}`, definitions: parse(sdl) })),
      version: ROUTER_COMPATIBILITY_VERSION_ONE,
    });
    return result.success ? [] : result.errors.map(({ message }) => message);
  },
};

function toService({ name, sdl }: Subgraph) {
  return { name, url: `http://${name}`, typeDefs: parse(sdl) };
}
