/** A server that its owner stops, kills and starts again. */
export interface MariadbServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  start(): Promise<void>;
  halt(signal?: NodeJS.Signals): Promise<void>;
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export function startMariadbServer(options?: {
  readonly settings?: Readonly<Record<string, string | number>>;
}): Promise<MariadbServer>;
