import type {
  AggregateModel,
  ErrorModel,
  EventModel,
  FileModel,
  MethodModel,
  ReadModelDesc,
  SagaModel,
} from "@potter/generator";
import type { Contract } from "./contract.js";

/** An element that both contracts have. */
export interface Pair<T> {
  /** As it was. */
  readonly base: T;
  /** As it is. */
  readonly head: T;
}

/** The elements of one kind: those of both contracts, those that are gone, those that are new. */
export interface Changes<T> {
  /** Elements of both contracts. */
  readonly kept: readonly Pair<T>[];
  /** Elements of the base alone. */
  readonly gone: readonly T[];
  /** Elements of the head alone. */
  readonly added: readonly T[];
}

/** Two contracts with their elements in pairs, by what identifies an element in storage or for callers. */
export interface Comparison {
  /** The contract as it was. */
  readonly base: Contract;
  /** The contract as it is. */
  readonly head: Contract;
  /** Events, by type and version. */
  readonly events: Changes<EventModel>;
  /** Aggregates, by the stored type. */
  readonly aggregates: Changes<AggregateModel>;
  /** Sagas, by full name. */
  readonly sagas: Changes<SagaModel>;
  /** Read models, by full name. */
  readonly readModels: Changes<ReadModelDesc>;
  /** Errors, by full name. */
  readonly errors: Changes<ErrorModel>;
  /** Rpcs, by full name. */
  readonly methods: Changes<MethodModel>;
}

/** Pairs the elements of two contracts. */
export function pairContracts(base: Contract, head: Contract): Comparison {
  const changes = <T>(select: (file: FileModel) => readonly T[], nameOf: (element: T) => string): Changes<T> =>
    pairElements(base.model.files.flatMap(select), head.model.files.flatMap(select), nameOf);
  return {
    base,
    head,
    events: changes(({ events }) => events, titleOf),
    aggregates: changes(
      ({ aggregates }) => aggregates,
      ({ type }) => type,
    ),
    sagas: changes(
      ({ sagas }) => sagas,
      ({ desc }) => desc.typeName,
    ),
    readModels: changes(
      ({ readModels }) => readModels,
      ({ desc }) => desc.typeName,
    ),
    errors: changes(
      ({ errors }) => errors,
      ({ desc }) => desc.typeName,
    ),
    methods: changes(({ services }) => services.flatMap(({ methods }) => methods), rpcName),
  };
}

/** Pairs elements by name. */
export function pairElements<T>(base: readonly T[], head: readonly T[], nameOf: (element: T) => string): Changes<T> {
  const before = new Map(base.map((element) => [nameOf(element), element]));
  const now = new Map(head.map((element) => [nameOf(element), element]));
  return {
    kept: [...before].flatMap(([name, element]) => {
      const kept = now.get(name);
      return kept === undefined ? [] : [{ base: element, head: kept }];
    }),
    gone: [...before].flatMap(([name, element]) => (now.has(name) ? [] : [element])),
    added: [...now].flatMap(([name, element]) => (before.has(name) ? [] : [element])),
  };
}

/**
 * Whether two aggregates have the same streams. If no aggregate of the head has the type of the first one, they count as the same:
 * that is reported once, for the aggregate.
 */
export function isSameAggregate(
  base: AggregateModel | undefined,
  head: AggregateModel | undefined,
  { aggregates }: Comparison,
): boolean {
  return base?.type === head?.type || (head !== undefined && aggregates.gone.some((gone) => gone === base));
}

/** The name of an event for people: `order.placed version 1`. */
export function titleOf({ type, version }: EventModel): string {
  return `${type} version ${version}`;
}

/** The full name of an rpc: `shop.OrderService.PlaceOrder`. */
export function rpcName({ desc }: MethodModel): string {
  return `${desc.parent.typeName}.${desc.name}`;
}
