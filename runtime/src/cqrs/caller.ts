/** Who calls, as the `caller` of an app finds out from a request. */
export interface Caller {
  /** An id that whoever authenticates knows: handlers have it as `ctx.user`, events keep it. Absent: nobody that is known. */
  readonly user?: string | undefined;
  /** The tenant of the call. A request that names another is refused. */
  readonly tenant?: string | undefined;
  /**
   * Without `tenant`: the tenants of which a request may name one, by its field with `(potter.v1.field).tenant`; `any`: it may name
   * whichever it likes. Absent: none.
   */
  readonly tenants?: readonly string[] | "any" | undefined;
  /** Kept with the events. Keys are lower case. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}
