/** Identifies a saga. */
export interface SagaKey {
  /** Full proto name of its data. */
  readonly type: string;
  readonly tenant: string;
  readonly id: string;
}

/** The name of what reads the log for the steps of a version of a saga, under which its checkpoint is stored. */
export function consumerNameOf(saga: string, version = 1): string {
  return version === 1 ? `saga:${saga}` : `saga:${saga}:${version}`;
}

export function textOf({ type, tenant, id }: SagaKey): string {
  return JSON.stringify([type, tenant, id]);
}
