/** The caller of a request, as the option `caller` of an app returns it. */
export interface Caller {
  /** The id of the authenticated user: `ctx.user` in handlers, recorded with events. Default: an unknown user. */
  readonly user?: string | undefined;
  /** The tenant of the call. A request that names another one is refused. Default: see `tenants`. */
  readonly tenant?: string | undefined;
  /**
   * Without `tenant`: the tenants of which a request may name one, in its field with `(potter.v1.field).tenant`; `any` allows
   * every tenant. Default: none.
   */
  readonly tenants?: readonly string[] | "any" | undefined;
  /** Application metadata, recorded with the events. Keys are lower case. Default: none. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * When the credentials expire. Concerns connections that outlive a request, as WebSockets do: they are closed at this time, unless
   * the client sends new credentials before. Default: unknown, and the caller is identified again for each call.
   */
  readonly expires?: Date | undefined;
}
