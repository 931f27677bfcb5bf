import { PotterError } from "../../errors/index.js";
import type { StateStore, StateWriteResult, StoredState, StreamId } from "../../store/ports/index.js";
import { type Behaviour, type Loaded, planUniqueValues } from "../decision/index.js";
import type { SnapshotCodec } from "../declaration/index.js";
import type { Repository, Step } from "./repository.js";

export interface StateRepositoryOptions {
  readonly states: StateStore;
  /** Whether events go to the outbox. */
  readonly outbox: boolean;
}

/** The repository of aggregates whose state is stored. */
export class StateRepository implements Repository {
  private readonly behaviour: Behaviour;
  private readonly codec: SnapshotCodec<unknown>;
  private readonly options: StateRepositoryOptions;

  constructor(behaviour: Behaviour, codec: SnapshotCodec<unknown>, options: StateRepositoryOptions) {
    this.behaviour = behaviour;
    this.codec = codec;
    this.options = options;
  }

  fresh(): Loaded {
    return { state: this.behaviour.initial(), version: 0 };
  }

  async load(stream: StreamId): Promise<Loaded> {
    const stored = await this.options.states.load(stream);
    return stored === undefined ? this.fresh() : { state: this.decode(stored), version: stored.version };
  }

  record({ stream, loaded, events, after, newId, context }: Step): Promise<StateWriteResult> {
    const state = after();
    const uniqueValues = planUniqueValues(this.behaviour.aggregate, this.behaviour.unique, loaded.state, after);
    return this.options.states.write({
      ...context,
      stream,
      expectedVersion: loaded.version,
      events: events.map(({ definition, data }) => ({ id: newId(), definition, data })),
      state: { stateVersion: this.codec.version, bytes: this.codec.encode(state) },
      outbox: this.options.outbox,
      ...(uniqueValues && { uniqueValues }),
    });
  }

  /** The state is stored otherwise. */
  toAppend(): undefined {}

  appended(): void {}

  /** Each command stores its own state. */
  fits(): boolean {
    return false;
  }

  recordAll(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  next(_loaded: Loaded, _events: unknown, state: unknown, version: number): Loaded {
    return { state, version };
  }

  private decode({ bytes, stateVersion }: StoredState): unknown {
    if (stateVersion === this.codec.version) return this.codec.decode(bytes);
    const { aggregate, migrate } = this.behaviour;
    if (migrate !== undefined && stateVersion < this.codec.version) return migrate(bytes, stateVersion);
    const remedy =
      stateVersion > this.codec.version
        ? "a later release of this app has stored it: deploy that release"
        : 'add a "migrate" to its decider that converts it';
    throw new PotterError(
      "failed_precondition",
      `a state of ${aggregate.name} is stored in version ${stateVersion}, and this app knows version ${this.codec.version}: ${remedy}`,
      { confidential: true },
    );
  }
}
