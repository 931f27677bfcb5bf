import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a store and its server, and does to what they send what networks do. */
export class FaultyNetwork {
  /** The server, by way of this. */
  readonly url: string;
  /** How many answers were lost. */
  lost = 0;
  private readonly server: Server;
  private readonly sockets: Set<Socket> = new Set();
  /** The answer to the next message with this text is lost. */
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

  /** The server does what the next message with this text asks for, but its answer does not arrive, and the connection ends. */
  loseAnswerTo(text: string): void {
    this.awaited = text;
  }

  /** Nothing comes through in either direction from now on, and no connection ends. */
  freeze(): void {
    this.frozen = true;
  }

  /** New connections come through again; of those from before nothing will. */
  thaw(): void {
    this.frozen = false;
  }

  /** Nothing comes through in either direction on the connections there are; new ones are as ever. */
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
