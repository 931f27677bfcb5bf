export interface PostgresServerOptions {
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  readonly source?: "embedded" | "debian";
}

/** A server that its owner stops, kills and starts again. */
export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  start(): Promise<void>;
  halt(signal?: NodeJS.Signals): Promise<void>;
  crash(): Promise<void>;
  stop(): Promise<void>;
  replica(settings?: Readonly<Record<string, string | number>>): Promise<PostgresServer>;
  promote(): Promise<void>;
}

export function startPostgresServer(options?: PostgresServerOptions): Promise<PostgresServer>;
export function makeFolder(): Promise<string>;
export function unprivileged(): { uid?: number; gid?: number };
export function freePort(): Promise<number>;
