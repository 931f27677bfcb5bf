/** Identifies a saga. */
export interface SagaKey {
  /** Full proto name of its data. */
  readonly type: string;
  readonly tenant: string;
  readonly id: string;
}

export function textOf({ type, tenant, id }: SagaKey): string {
  return JSON.stringify([type, tenant, id]);
}
