import type {
  Aggregate,
  AggregateDeclaration,
  AggregateDefinition,
  AggregateTypes,
  NewEvent,
} from "../aggregate/index.js";
import {
  createRejections,
  type ErrorDefinition,
  type ReadModelDeclaration,
  type ReadModelDefinition,
  type ReadModelTypes,
  type Service,
  type ServiceDefinition,
  type ServiceTypes,
} from "../cqrs/index.js";
import { aggregates, readModels, sagas } from "../engines/index.js";
import type { GraphQLContract } from "../graphql-bindings/index.js";
import type { EventDefinition, MessageTypes } from "../message/index.js";
import type { ProjectionPart, ReadModel } from "../projection/index.js";
import type { Saga, SagaDeclaration, SagaDefinition, SagaTypes } from "../saga/declaration/index.js";

/** Defines an event of the contract. */
export function defineEvent<M extends MessageTypes>(definition: EventDefinition<M>): EventDefinition<M> {
  return definition;
}

/** Defines a declared error of the contract. */
export function defineError<M extends MessageTypes>(definition: ErrorDefinition<M>): ErrorDefinition<M> {
  return definition;
}

/** Defines a service of the contract. */
export function defineService<S extends ServiceTypes>(definition: ServiceDefinition<S>): Service<S> {
  const service: Service<S> = {
    ...definition,
    reject: createRejections(definition.errors),
    queries: (handlers) => ({ kind: "queries", service: service as never, handlers: handlers as never }),
    commands: (handlers) => ({ kind: "commands", service: service as never, handlers: handlers as never }),
  };
  return service;
}

/** Defines an aggregate of the contract. */
export function defineAggregate<A extends AggregateTypes>(declaration: AggregateDeclaration): Aggregate<A> {
  const definition: AggregateDefinition = { ...declaration, engine: aggregates };
  return {
    definition,
    event: createEvents(definition) as Aggregate<A>["event"],
    reject: createRejections(definition.errors),
    decider: (decider) => ({ kind: "decider", aggregate: definition, decider }),
  };
}

function createEvents({ events }: AggregateDeclaration): { [name: string]: (data?: unknown) => NewEvent } {
  return Object.fromEntries(
    Object.entries(events).map(([name, definition]) => [
      name,
      (data?: unknown): NewEvent => ({ kind: "event", name, data: definition.codec.create(data), definition }),
    ]),
  );
}

/** Defines a read model of the contract. */
export function defineReadModel<R extends ReadModelTypes>(declaration: ReadModelDeclaration): ReadModel<R> {
  const definition: ReadModelDefinition = { ...declaration, engine: readModels };
  return {
    definition,
    projection: (projection: Partial<ProjectionPart>) =>
      ({ version: 1, mode: "async", ...projection, kind: "projection", readModel: definition }) as ProjectionPart,
  };
}

/** Defines a saga of the contract. */
export function defineSaga<S extends SagaTypes>(declaration: SagaDeclaration): Saga<S> {
  const definition: SagaDefinition = { ...declaration, engine: sagas };
  return { definition, saga: (behaviour) => ({ kind: "saga", saga: definition, behaviour: behaviour as never }) };
}

/** Defines a GraphQL schema of the contract. */
export function defineGraphQL(contract: GraphQLContract): GraphQLContract {
  return contract;
}
