import type { Complete, FieldFacts } from "./plan.js";
import { isPromise, Later, type Place, type Run } from "./run.js";

interface ItemFacts {
  readonly leaf: boolean;
  readonly nullable: boolean;
}

/** Lists, and whatever else can be gone through. An item may be a promise. */
export function planList(complete: Complete, { leaf, nullable }: ItemFacts): Complete {
  const placeOf = (place: Place | undefined, key: number): Place => ({
    prev: place,
    key,
    typename: undefined,
    nullable,
  });

  const put = (run: Run, out: unknown[], at: number, item: unknown, facts: FieldFacts, place: Place | undefined) => {
    const own = leaf ? undefined : placeOf(place, at);
    const gone = (error: unknown): void => {
      out[at] = run.fail(error, facts.nodes, own ?? placeOf(place, at));
    };
    const come = (value: unknown): void => {
      try {
        const completed = complete(run, value, facts, own);
        if (completed instanceof Later) {
          out[at] = undefined;
          const set = (one: unknown): void => {
            out[at] = one;
          };
          run.await(completed.promise, set, gone);
        } else out[at] = completed;
      } catch (error) {
        gone(error);
      }
    };
    if (isPromise(item)) {
      out[at] = undefined;
      run.await(item, come, gone);
    } else come(item);
  };

  const all = (run: Run, items: readonly unknown[], facts: FieldFacts, place: Place | undefined): unknown[] => {
    const out = new Array<unknown>(items.length);
    for (let at = 0; at < items.length; at++) put(run, out, at, items[at], facts, place);
    return out;
  };

  return (run, value, facts, place) => {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) return all(run, value, facts, place);
    if (value instanceof Error) throw value;
    if (typeof value === "object" && Symbol.iterator in value) {
      return all(run, [...(value as Iterable<unknown>)], facts, place);
    }
    const { name } = facts.field;
    throw new Error(`Expected Iterable, but did not find one for field "${facts.parent.name}.${name}".`);
  };
}
