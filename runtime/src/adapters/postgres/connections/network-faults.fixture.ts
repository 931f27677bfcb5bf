import { connect, createServer, type Server, type Socket } from "node:net";

/** A proxy between a store and its server that simulates network faults. */
export class FaultyNetwork {
  /** The URL of the server through the proxy. */
  readonly url: string;
  /** Number of lost responses. */
  lost = 0;
  private readonly server: Server;
  private readonly sockets: Set<Socket> = new Set();
  /** The response to the next message with this text is lost. */
  private awaited: string | undefined;
  private frozen = false;
  /** Connections that are older than this are dead. */
  private cut = 0;
  private joined = 0;

  static async open(serverUrl: string): Promise<FaultyNetwork> {
    const { port } = new URL(serverUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return new FaultyNetwork(server, Number(port), serverUrl.replace(/@[^/]+/, `@127.0.0.1:${address.port}`));
  }

  private constructor(server: Server, port: number, url: string) {
    this.url = url;
    this.server = server;
    server.on("connection", (near) => this.join(near, connect(port, "127.0.0.1")));
  }

  /** The server executes the next message with this text, but its response is lost and the connection ends. */
  loseAnswerTo(text: string): void {
    this.awaited = text;
  }

  /** Drops all data in both directions from now on, without closing connections. */
  freeze(): void {
    this.frozen = true;
  }

  /** Forwards new connections again; the data of earlier connections stays dropped. */
  thaw(): void {
    this.frozen = false;
  }

  /** Drops all data in both directions on existing connections; new connections work. */
  forget(): void {
    this.cut = this.joined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    const number = ++this.joined;
    let dead = this.frozen;
    let doomed = false;
    const isDead = () => {
      dead ||= this.frozen || number <= this.cut;
      return dead;
    };
    const end = () => {
      for (const socket of [near, far]) {
        socket.destroy();
        this.sockets.delete(socket);
      }
    };
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        if (!isDead()) end();
      });
    }
    near.on("data", (data) => {
      if (isDead()) return;
      if (this.awaited !== undefined && data.includes(this.awaited)) {
        this.awaited = undefined;
        doomed = true;
      }
      far.write(data);
    });
    far.on("data", (data) => {
      if (isDead()) return;
      if (!doomed) {
        near.write(data);
        return;
      }
      this.lost++;
      end();
    });
  }
}
