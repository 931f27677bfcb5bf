import type { PathSegment } from "../../cqrs/index.js";

/** A target, with its method and path template. */
export interface RouteEntry<Target> {
  /** Upper case; `*` for any. */
  readonly method: string;
  readonly segments: readonly PathSegment[];
  readonly verb?: string | undefined;
  readonly target: Target;
}

/** The result of a search. */
export type RouteMatch<Target> =
  | {
      readonly kind: "found";
      readonly target: Target;
      /** The value of each variable, still percent-encoded. */
      readonly values: readonly string[];
    }
  /** The path has targets for other methods only. */
  | { readonly kind: "other-methods"; readonly allow: readonly string[] };

/** The target at the end of a template, and the elements of the template that each variable spans. */
interface End<Target> {
  readonly target: Target;
  readonly variables: readonly { readonly from: number; readonly to: number }[];
}

type Methods<Target> = Map<string, End<Target>>;

class Node<Target> {
  readonly literals: Map<string, Node<Target>> = new Map();
  one: Node<Target> | undefined;
  rest: Node<Target> | undefined;
  /** By verb; the empty string for none. */
  readonly ends: Map<string, Methods<Target>> = new Map();
}

const noValues: readonly string[] = [];

/**
 * Finds targets by method and path, with the path templates of google.api.http. A path without variables needs one lookup. If
 * several templates match, literals precede `*`, and `*` precedes `**`, from left to right.
 */
export class Router<Target> {
  private readonly root: Node<Target> = new Node();
  private readonly fixed: Map<string, Map<string, RouteMatch<Target>>> = new Map();
  /** The lengths of fixed paths: a path of another length needs no look-up, for which its hash would be computed. */
  private readonly fixedLengths: boolean[] = [];
  private readonly open: Map<string, Map<string, Target>> = new Map();
  private readonly verbs: Set<string> = new Set();

  /** Adds an entry. Returns the existing target, and adds nothing, if one has the same method and shape. */
  add(entry: RouteEntry<Target>): Target | undefined {
    const { elements, variables } = flatten(entry.segments);
    let node = this.root;
    for (const element of elements) node = child(node, element);
    const verb = entry.verb ?? "";
    const methods: Methods<Target> = node.ends.get(verb) ?? new Map();
    node.ends.set(verb, methods);
    const existing = methods.get(entry.method);
    if (existing !== undefined) return existing.target;
    methods.set(entry.method, { target: entry.target, variables });
    if (verb !== "") this.verbs.add(verb);
    const wildcard = elements.findIndex((element) => element === "*" || element === "**");
    if (wildcard < 0 && variables.length === 0) this.addFixed(entry, elements, verb);
    const isLast = wildcard === elements.length - 1 && elements[wildcard] === "*";
    const [variable, ...others] = variables;
    if (isLast && verb === "" && variable?.from === wildcard && others.length === 0)
      this.addOpen(entry, elements.slice(0, -1));
    return undefined;
  }

  /** Adds a path of literals and one variable at its end, which also needs one lookup. */
  private addOpen(entry: RouteEntry<Target>, literals: readonly string[]): void {
    const prefix = literals.map((literal) => `/${literal}`).join("");
    const byMethod = this.open.get(prefix) ?? new Map<string, Target>();
    this.open.set(prefix, byMethod);
    byMethod.set(entry.method, entry.target);
  }

  private addFixed(entry: RouteEntry<Target>, elements: readonly string[], verb: string): void {
    const path = `/${elements.join("/")}${verb === "" ? "" : `:${verb}`}`;
    const byMethod = this.fixed.get(path) ?? new Map<string, RouteMatch<Target>>();
    this.fixed.set(path, byMethod);
    this.fixedLengths[path.length] = true;
    byMethod.set(entry.method, { kind: "found", target: entry.target, values: noValues });
  }

  /** Finds the target of a path as it was sent: percent-encoded, without a query. */
  find(method: string, path: string): RouteMatch<Target> | undefined {
    const fixed = this.fixedLengths[path.length] === true ? this.fixed.get(path) : undefined;
    // A path of literals precedes any variable.
    if (fixed !== undefined) return fixed.get(method) ?? this.search(method, path);
    const slash = path.lastIndexOf("/");
    const target = this.open.get(path.slice(0, slash))?.get(method);
    // The colon may start a verb.
    if (target === undefined || slash === path.length - 1 || path.includes(":", slash))
      return this.search(method, path);
    return { kind: "found", target, values: [path.slice(slash + 1)] };
  }

  private search(method: string, path: string): RouteMatch<Target> | undefined {
    const segments = path === "/" ? [] : path.slice(1).split("/");
    const allow: string[] = [];
    const last = segments[segments.length - 1] ?? "";
    const colon = last.lastIndexOf(":");
    const verb = colon < 0 ? "" : last.slice(colon + 1);
    if (verb !== "" && this.verbs.has(verb)) {
      const match = new Search<Target>(method, [...segments.slice(0, -1), last.slice(0, colon)], verb, allow).from(
        this.root,
        0,
        0,
      );
      if (match !== undefined) return match;
    }
    // The value of a variable may contain a colon too. A known verb of another method is reported as one.
    const others = allow.length > 0 ? [] : allow;
    const match = new Search<Target>(method, segments, "", others).from(this.root, 0, 0);
    if (match !== undefined) return match;
    return allow.length > 0 ? { kind: "other-methods", allow: [...new Set(allow)].sort() } : undefined;
  }
}

/** A search of the tree. */
class Search<Target> {
  private readonly method: string;
  private readonly segments: readonly string[];
  private readonly verb: string;
  private readonly allow: string[];
  /** The segment at which each element of the template starts. */
  private readonly starts: number[] = [0];

  constructor(method: string, segments: readonly string[], verb: string, allow: string[]) {
    this.method = method;
    this.segments = segments;
    this.verb = verb;
    this.allow = allow;
  }

  from(node: Node<Target>, at: number, depth: number): RouteMatch<Target> | undefined {
    this.starts[depth] = at;
    const segment = this.segments[at];
    if (segment === undefined) {
      const end = this.end(node);
      if (end !== undefined) return end;
    } else {
      const literal =
        node.literals.get(segment) ?? (segment.includes("%") ? node.literals.get(decode(segment)) : undefined);
      const byLiteral = literal && this.from(literal, at + 1, depth + 1);
      if (byLiteral !== undefined) return byLiteral;
      const byOne = segment !== "" ? node.one && this.from(node.one, at + 1, depth + 1) : undefined;
      if (byOne !== undefined) return byOne;
    }
    if (node.rest !== undefined) {
      for (let end = this.segments.length - 1; end >= at; end--) {
        const byRest = this.from(node.rest, end, depth + 1);
        if (byRest !== undefined) return byRest;
      }
      // Last, because a template that continues after `**` is more specific than one that ends with it.
      return this.from(node.rest, this.segments.length, depth + 1);
    }
    return undefined;
  }

  private end(node: Node<Target>): RouteMatch<Target> | undefined {
    const methods = node.ends.get(this.verb);
    if (methods === undefined) return undefined;
    const end = methods.get(this.method) ?? methods.get("*");
    if (end === undefined) {
      this.allow.push(...methods.keys());
      return undefined;
    }
    const values = end.variables.map(({ from, to }) => this.between(this.starts[from] ?? 0, this.starts[to] ?? 0));
    return { kind: "found", target: end.target, values };
  }

  private between(start: number, end: number): string {
    return end === start + 1 ? (this.segments[start] as string) : this.segments.slice(start, end).join("/");
  }
}

function flatten(segments: readonly PathSegment[]): { elements: string[]; variables: { from: number; to: number }[] } {
  const elements: string[] = [];
  const variables: { from: number; to: number }[] = [];
  for (const segment of segments) {
    if (typeof segment === "string") {
      elements.push(segment);
    } else {
      const from = elements.length;
      elements.push(...segment.segments);
      variables.push({ from, to: elements.length });
    }
  }
  return { elements, variables };
}

function child<Target>(node: Node<Target>, element: string): Node<Target> {
  if (element === "*") {
    node.one ??= new Node();
    return node.one;
  }
  if (element === "**") {
    node.rest ??= new Node();
    return node.rest;
  }
  let next = node.literals.get(element);
  if (next === undefined) {
    next = new Node();
    node.literals.set(element, next);
  }
  return next;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
