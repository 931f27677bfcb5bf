/** How long a step of a run took, in milliseconds. Steps that occur several times are added up. */
export interface Phase {
  readonly step: string;
  readonly milliseconds: number;
}

/** Measures the steps of a run. */
export interface PhaseClock {
  /** Ends the present step and begins another one. */
  readonly step: (step: string) => void;
  /** Ends the last step. Returns all of them, in the order in which they began. */
  readonly end: () => readonly Phase[];
}

/** Creates a clock for a run that begins now. */
export function createPhaseClock(): PhaseClock {
  const times = new Map<string, number>();
  let current: { readonly step: string; readonly start: number } | undefined;
  const end = (): void => {
    if (current === undefined) return;
    times.set(current.step, (times.get(current.step) ?? 0) + performance.now() - current.start);
    current = undefined;
  };
  return {
    step: (step) => {
      end();
      if (!times.has(step)) times.set(step, 0);
      current = { step, start: performance.now() };
    },
    end: () => {
      end();
      return [...times].map(([step, time]) => ({ step, milliseconds: Math.round(time * 10) / 10 }));
    },
  };
}
