import type { BatchLoader, KeyListener, KeyRequest, ReferenceTrait } from "../schema/index.js";
import { Unsupported, Unwritable } from "./failures.js";

/**
 * How values of a type become text. Two steps, so that text, of which there is a lot, is written only when nothing is pending:
 * text of many requests that wait at the same time is what a garbage collector copies most.
 */
export interface ValuePlan {
  /** Requests the values that a value refers to by key; undefined: it refers to none. Throws if it cannot be written as text. */
  readonly request: ((frame: Frame, value: unknown) => void) | undefined;
  /** Writes a value. Throws if it cannot be written as text. */
  readonly write: (frame: Frame, value: unknown) => string;
}

/** Where a field that refers to values by key is selected. */
export interface ReferencePlan {
  readonly trait: ReferenceTrait;
  readonly value: ValuePlan;
}

/** A value whose text is written on its own: that of a root field, or one that was loaded by key. */
export class Frame {
  readonly run: TextRun;
  /** What it refers to, in the order of both steps. A list of links, for the reason that `KeyRequest` gives. */
  private last: Link | undefined = undefined;
  private next: Link | undefined = undefined;

  constructor(run: TextRun) {
    this.run = run;
  }

  /** Requests the value that a source refers to. */
  request(plan: ReferencePlan, source: unknown): void {
    const key = plan.trait.key(source);
    if (key === undefined) return;
    const reference = this.run.request(plan, key);
    if (reference === undefined) return;
    const link = new Link(reference);
    if (this.last === undefined) this.next = link;
    else this.last.after = link;
    this.last = link;
  }

  /** The text of the value that a source refers to; undefined: it refers to none. */
  textOf(plan: ReferencePlan, source: unknown): string | undefined {
    const key = plan.trait.key(source);
    if (key === undefined) return undefined;
    const link = this.next;
    this.next = link?.after;
    const next = link?.reference;
    // The source may have changed since.
    const isSame = next !== undefined && next.key === key && next.plan === plan;
    return (isSame ? next : this.run.find(plan, key))?.toText();
  }
}

class Link {
  readonly reference: Reference;
  after: Link | undefined = undefined;

  constructor(reference: Reference) {
    this.reference = reference;
  }
}

/** A value that is loaded by key. Its text is written once, however many objects refer to it. */
export class Reference implements KeyListener<unknown> {
  readonly plan: ReferencePlan;
  readonly key: string;
  readonly request: KeyRequest<unknown>;
  private readonly frame: Frame;
  private value: unknown = undefined;
  private text: string | undefined = undefined;

  constructor(run: TextRun, plan: ReferencePlan, request: KeyRequest<unknown>) {
    this.frame = new Frame(run);
    this.plan = plan;
    this.key = request.key;
    this.request = request;
  }

  onValue(value: unknown): void {
    this.value = value;
    this.frame.run.complete(this.plan.value.request, this.frame, value);
  }

  onError(error: unknown): void {
    this.frame.run.fail(error);
  }

  toText(): string {
    this.text ??= this.plan.value.write(this.frame, this.value);
    return this.text;
  }
}

/** The values that a field requests by key in one execution. */
class Requested {
  readonly loader: BatchLoader<unknown> | undefined;
  readonly byKey: Map<string, Reference> = new Map();

  constructor(loader: BatchLoader<unknown> | undefined) {
    this.loader = loader;
  }
}

/** One execution that writes text: what is pending, and whether it failed. */
export class TextRun {
  readonly context: unknown;
  /** Whether the text depends only on the root value and the variables. */
  isPure = true;
  /** The first failure. */
  private failure: { readonly error: unknown } | undefined = undefined;
  private pending = 0;
  private readonly requested = new Map<ReferencePlan, Requested>();
  private readonly onSettled: () => void;

  /** `onSettled`: called when nothing is pending any more, or at the first failure; only once. */
  constructor(context: unknown, onSettled: () => void) {
    this.context = context;
    this.onSettled = onSettled;
  }

  get failed(): boolean {
    return this.failure !== undefined;
  }

  /** Whether it failed for a type that no value can make writable. */
  get isUnsupported(): boolean {
    return this.failure?.error instanceof Unsupported;
  }

  addPending(): void {
    this.pending++;
  }

  /** Takes a value that was pending: requests what it refers to. */
  complete(request: ValuePlan["request"], frame: Frame, value: unknown): void {
    if (this.failure !== undefined) return;
    if (request !== undefined) {
      try {
        request(frame, value);
      } catch (error) {
        this.fail(error);
        return;
      }
    }
    this.removePending();
  }

  removePending(): void {
    if (--this.pending === 0 && this.failure === undefined) this.onSettled();
  }

  fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = { error };
    this.onSettled();
  }

  /** Writes all text. Returns undefined if that failed. */
  attempt(write: () => string): string | undefined {
    try {
      return write();
    } catch (error) {
      this.failure = { error };
      return undefined;
    }
  }

  /** undefined: nothing finds values of this type. */
  request(plan: ReferencePlan, key: string): Reference | undefined {
    let requested = this.requested.get(plan);
    if (requested === undefined) {
      requested = new Requested(plan.trait.loader(this.context));
      this.requested.set(plan, requested);
    }
    const { loader, byKey } = requested;
    if (loader === undefined) return undefined;
    let reference = byKey.get(key);
    if (reference === undefined) {
      reference = new Reference(this, plan, loader.request(key));
      byKey.set(key, reference);
      this.pending++;
      reference.request.listen(reference);
    }
    return reference;
  }

  /** Finds what was requested. Throws if it was not, unless nothing finds values of this type. */
  find(plan: ReferencePlan, key: string): Reference | undefined {
    const requested = this.requested.get(plan);
    if (requested !== undefined && requested.loader === undefined) return undefined;
    const known = requested?.byKey.get(key);
    if (known === undefined) throw new Unwritable();
    return known;
  }

  /** Finds a value that was requested, so that the other form of execution does not request it again. */
  requestOf(trait: ReferenceTrait, key: string): KeyRequest<unknown> | undefined {
    for (const [plan, { byKey }] of this.requested) {
      if (plan.trait !== trait) continue;
      const known = byKey.get(key);
      if (known !== undefined) return known.request;
    }
    return undefined;
  }
}
