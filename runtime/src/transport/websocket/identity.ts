import { PotterError } from "../../errors/index.js";
import {
  type CallerOptions,
  type HttpRequest,
  identifySocket,
  type LiveSocket,
  SocketRequest,
  type TransportHost,
} from "../../http/index.js";

type Params = Readonly<Record<string, unknown>>;

/** The longest delay of a timer, in milliseconds. */
const longest = 2 ** 31 - 1;

/** What an identity depends on. */
export interface IdentityOptions {
  readonly handshake: HttpRequest;
  readonly identify: TransportHost["identify"];
  /** How long it may take to identify the caller by params, in milliseconds. */
  readonly limit: number;
  /** The connection. Its signal aborts when it closes. */
  readonly live: Pick<LiveSocket, "signal" | "isClosed">;
  /** The credentials have expired. */
  expired(): void;
  /** The credentials in use have become those of another user or tenant. */
  changed(): void;
}

/**
 * Who calls over a connection. The `caller` of the app is asked once if it says when the credentials expire, otherwise for each call,
 * as over HTTP.
 */
export class Identity {
  private readonly options: IdentityOptions;
  private params: Params = {};
  private known: CallerOptions | undefined;
  /** Whether `known` says who it is: nobody is somebody too. */
  private isKnown = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IdentityOptions) {
    this.options = options;
  }

  /** When the credentials expire. */
  get expires(): Date | undefined {
    return this.known?.expires;
  }

  /**
   * Identifies the caller by the params of a client, which replace those before. Rejects if it is refused, not identified in time, or
   * another user or tenant than before; then nothing changes.
   */
  async use(given: Params): Promise<void> {
    const { identify, handshake, limit, live } = this.options;
    const params = { ...this.params, ...given };
    const identified = identify && identifySocket(identify, { handshake, params, limit, signal: live.signal });
    const found = await identified;
    if (this.isKnown) this.refuseOther(found);
    refuseExpired(found);
    if (live.isClosed) return;
    this.params = params;
    this.known = found;
    this.isKnown = true;
    this.schedule();
  }

  /** Identifies the caller of one call. */
  current(): CallerOptions | undefined | Promise<CallerOptions | undefined> {
    const { known } = this;
    return this.options.identify === undefined || known?.expires !== undefined ? known : this.find();
  }

  /** Releases the timer. */
  close(): void {
    clearTimeout(this.timer);
  }

  private async find(): Promise<CallerOptions | undefined> {
    const { identify, handshake, live, changed } = this.options;
    const found = await identify?.(new SocketRequest(handshake, this.params, live.signal));
    this.refuseOther(found, changed);
    refuseExpired(found);
    return found;
  }

  /** The user of a connection never changes, so that calls that are being identified cannot become those of another one. */
  private refuseOther(found: CallerOptions | undefined, refused?: () => void): void {
    const { known } = this;
    if (found?.user === known?.user && found?.tenant === known?.tenant) return;
    refused?.();
    throw new PotterError("permission_denied", "another user or tenant needs a connection of its own");
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const { expires } = this;
    if (expires === undefined) return;
    const left = expires.getTime() - Date.now();
    if (left <= 0) this.options.expired();
    else this.timer = setTimeout(() => this.schedule(), Math.min(left, longest));
  }
}

function refuseExpired(found: CallerOptions | undefined): void {
  if (found?.expires !== undefined && found.expires.getTime() <= Date.now()) {
    throw new PotterError("unauthenticated", "the credentials have expired");
  }
}
