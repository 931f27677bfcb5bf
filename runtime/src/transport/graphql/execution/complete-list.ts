import { type CompleteValue, completeNull, type FieldFacts } from "./field-plan.js";
import { isPromise, type OperationRun, PendingValue, type ResultPath } from "./operation-run.js";

interface ItemFacts {
  readonly leaf: boolean;
  readonly nullable: boolean;
}

/** Completes lists and other iterables. An item may be a promise. */
export function planList(complete: CompleteValue, { leaf, nullable }: ItemFacts, required: boolean): CompleteValue {
  const completeAll = (
    run: OperationRun,
    items: readonly unknown[],
    facts: FieldFacts,
    path: ResultPath | undefined,
  ): unknown[] => {
    const list = new ListCompletion(run, complete, facts, path, leaf, nullable, new Array<unknown>(items.length));
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (isPromise(item)) list.wait(at, item, false);
      else list.complete(at, item);
    }
    return list.out;
  };
  return (run, value, facts, path) => {
    if (value === null || value === undefined) return completeNull(required, facts);
    if (Array.isArray(value)) return completeAll(run, value, facts, path);
    if (value instanceof Error) throw value;
    if (typeof value === "object" && Symbol.iterator in value) {
      return completeAll(run, [...(value as Iterable<unknown>)], facts, path);
    }
    const { name } = facts.field;
    throw new Error(`Expected Iterable, but did not find one for field "${facts.parent.name}.${name}".`);
  };
}

/** The completion of one list. */
class ListCompletion {
  readonly out: unknown[];
  private readonly run: OperationRun;
  private readonly completeItem: CompleteValue;
  private readonly facts: FieldFacts;
  private readonly path: ResultPath | undefined;
  private readonly leaf: boolean;
  private readonly nullable: boolean;

  constructor(
    run: OperationRun,
    completeItem: CompleteValue,
    facts: FieldFacts,
    path: ResultPath | undefined,
    leaf: boolean,
    nullable: boolean,
    out: unknown[],
  ) {
    this.run = run;
    this.completeItem = completeItem;
    this.facts = facts;
    this.path = path;
    this.leaf = leaf;
    this.nullable = nullable;
    this.out = out;
  }

  complete(at: number, item: unknown): void {
    try {
      const completed = this.completeItem(this.run, item, this.facts, this.leaf ? undefined : this.toItemPath(at));
      if (completed instanceof PendingValue) this.wait(at, completed.promise, true);
      else this.out[at] = completed;
    } catch (error) {
      this.fail(at, error);
    }
  }

  /** `completed`: whether the promise resolves to the completed value. */
  wait(at: number, promise: PromiseLike<unknown>, completed: boolean): void {
    const { run } = this;
    this.out[at] = undefined;
    run.addPending();
    promise.then(
      (value) => {
        if (completed) this.out[at] = value;
        else this.complete(at, value);
        run.removePending();
      },
      (error: unknown) => {
        this.fail(at, error);
        run.removePending();
      },
    );
  }

  private fail(at: number, error: unknown): void {
    this.out[at] = this.run.fail(error, this.facts.nodes, this.toItemPath(at));
  }

  private toItemPath(key: number): ResultPath {
    return { prev: this.path, key, typename: undefined, nullable: this.nullable };
  }
}
