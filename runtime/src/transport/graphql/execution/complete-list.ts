import { type Complete, completeNull, type FieldFacts } from "./field-plan.js";
import { isPromise, Later, type Place, type Run } from "./operation-run.js";

interface ItemFacts {
  readonly leaf: boolean;
  readonly nullable: boolean;
}

/** Lists, and whatever else can be gone through. An item may be a promise. */
export function planList(complete: Complete, { leaf, nullable }: ItemFacts, required: boolean): Complete {
  const completeAll = (run: Run, items: readonly unknown[], facts: FieldFacts, place: Place | undefined): unknown[] => {
    const list = new List(run, complete, facts, place, leaf, nullable, new Array<unknown>(items.length));
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (isPromise(item)) list.wait(at, item, false);
      else list.complete(at, item);
    }
    return list.out;
  };
  return (run, value, facts, place) => {
    if (value === null || value === undefined) return completeNull(required, facts);
    if (Array.isArray(value)) return completeAll(run, value, facts, place);
    if (value instanceof Error) throw value;
    if (typeof value === "object" && Symbol.iterator in value) {
      return completeAll(run, [...(value as Iterable<unknown>)], facts, place);
    }
    const { name } = facts.field;
    throw new Error(`Expected Iterable, but did not find one for field "${facts.parent.name}.${name}".`);
  };
}

/** One list that is being completed. */
class List {
  readonly out: unknown[];
  private readonly run: Run;
  private readonly completeItem: Complete;
  private readonly facts: FieldFacts;
  private readonly place: Place | undefined;
  private readonly leaf: boolean;
  private readonly nullable: boolean;

  constructor(
    run: Run,
    completeItem: Complete,
    facts: FieldFacts,
    place: Place | undefined,
    leaf: boolean,
    nullable: boolean,
    out: unknown[],
  ) {
    this.run = run;
    this.completeItem = completeItem;
    this.facts = facts;
    this.place = place;
    this.leaf = leaf;
    this.nullable = nullable;
    this.out = out;
  }

  complete(at: number, item: unknown): void {
    try {
      const completed = this.completeItem(this.run, item, this.facts, this.leaf ? undefined : this.placeOf(at));
      if (completed instanceof Later) this.wait(at, completed.promise, true);
      else this.out[at] = completed;
    } catch (error) {
      this.fail(at, error);
    }
  }

  /** `completed`: whether what comes is what stands in the result. */
  wait(at: number, promise: PromiseLike<unknown>, completed: boolean): void {
    const { run } = this;
    this.out[at] = undefined;
    run.await();
    promise.then(
      (value) => {
        if (completed) this.out[at] = value;
        else this.complete(at, value);
        run.arrive();
      },
      (error: unknown) => {
        this.fail(at, error);
        run.arrive();
      },
    );
  }

  private fail(at: number, error: unknown): void {
    this.out[at] = this.run.fail(error, this.facts.nodes, this.placeOf(at));
  }

  private placeOf(key: number): Place {
    return { prev: this.place, key, typename: undefined, nullable: this.nullable };
  }
}
