export interface Fault {
  readonly number: string;
  readonly at: number;
  readonly about: string;
}

export interface FailedSchedule {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly faults: readonly Fault[];
}

export interface SimulationSums {
  readonly schedules: number;
  readonly sagas: number;
  /** Timers that ran. */
  readonly turns: number;
  /** Of all that has happened: the same for the same seeds. */
  readonly trace: number;
  readonly effects: number;
  readonly transitions: number;
  readonly faults: number;
  readonly fenced: number;
  readonly takenOver: number;
  /** Faults by kind. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly failed?: FailedSchedule;
}

export interface SimulationOptions {
  readonly schedules: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly mutation?: string;
  readonly isShrunk?: boolean;
}

export const mutations: Readonly<Record<string, object>>;

export function simulate(options: SimulationOptions): Promise<SimulationSums>;
