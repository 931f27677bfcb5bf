import { type Note, type Place, type Plan, placeOf, plan } from "./plan/index.js";
import { readState, type ScaffoldSource } from "./state.js";

/** What users' files lack of the contract, have in excess, or hide. */
export interface ScaffoldGap {
  /**
   * `missing`: a key that `potter scaffold` would insert. `undeclared`: a part that no file declares, for which it would create one.
   * Otherwise as in its report.
   */
  readonly kind: "missing" | "undeclared" | Exclude<Note["kind"], "refused">;
  /** What it is about: `Order.decide.placeOrder`, `Order.decider`, or a file. */
  readonly element: string;
  /** Where. undefined: in no file. */
  readonly place: Place | undefined;
  /** What, as a sentence. */
  readonly message: string;
}

/**
 * Finds what `potter scaffold` would do and report. Writes nothing. Nothing is found in a project in which no file declares a part: it
 * has a contract and no service.
 */
export async function findGaps(source: ScaffoldSource): Promise<readonly ScaffoldGap[]> {
  const { contract, texts, layout, unreadable } = await readState(source);
  const planned = plan(contract, texts, layout, unreadable);
  if (planned.declarations.length === 0) return [];
  return [
    ...listMissing(planned),
    ...planned.absent.map(
      ({ name, method, label }): ScaffoldGap => ({
        kind: "undeclared",
        element: `${name}.${method}`,
        place: undefined,
        message: `no file declares the ${label}: nothing calls ${name}.${method}(…)`,
      }),
    ),
    ...planned.notes.flatMap(({ kind, element, place, message }): readonly ScaffoldGap[] =>
      kind === "refused" ? [] : [{ kind, element, place, message }],
    ),
  ];
}

function listMissing({ edits, sources }: Plan): readonly ScaffoldGap[] {
  return edits.flatMap(({ part, slot, literal, entries }) =>
    entries.map(([key]): ScaffoldGap => {
      const element = [part.name, ...slot, key].join(".");
      return { kind: "missing", element, place: placeOf(sources, literal), message: `${element} is missing` };
    }),
  );
}
