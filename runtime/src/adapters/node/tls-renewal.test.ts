// A certificate that is renewed while the server runs.
import { type ClientHttp2Session, connect } from "node:http2";
import { Agent, request } from "node:https";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { ServeOptions, TlsCertificate } from "./options/index.js";
import { type RunningServer, serve } from "./serve.js";
import { cert, key, renewedCert, renewedKey } from "./tls.fixture.js";

const running: RunningServer[] = [];
const clients: { destroy(): unknown }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const renewed = { key: renewedKey, cert: renewedCert };
const trusted = [cert, renewedCert];

async function start(options: ServeOptions = {}): Promise<RunningServer> {
  const handle = () => ({ status: 200, headers: {}, body: "answer" });
  const app = { handle, start: async () => {}, stop: async () => {} };
  const server = await serve(app, { drainTimeout: 0, tls: { key, cert }, ...options });
  running.push(server);
  return server;
}

/** Connects, and returns the subject of the certificate that the server shows. */
async function subjectOf({ port }: RunningServer, options: ConnectionOptions = {}): Promise<unknown> {
  const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: trusted, ...options });
  clients.push(socket);
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return socket.getPeerCertificate().subject.CN;
}

/** A session of HTTP/2. */
function openSession(server: RunningServer): ClientHttp2Session {
  const session = connect(server.url, { ca: trusted });
  clients.push(session);
  return session;
}

async function askOver(session: ClientHttp2Session): Promise<[unknown, string]> {
  const stream = session.request({ ":path": "/" });
  let body = "";
  for await (const chunk of stream) body += chunk;
  return [(session.socket as TLSSocket).getPeerCertificate().subject.CN, body];
}

/** Sends a request of HTTP/1.1 over the one connection of an agent. */
function askBy(agent: Agent, server: RunningServer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request(server.url, { agent, ca: trusted }, (incoming) => {
      const { subject } = (incoming.socket as TLSSocket).getPeerCertificate();
      incoming.resume().on("end", () => resolve(subject.CN));
    });
    outgoing.on("error", reject).end();
  });
}

describe("renewTls", () => {
  it("shows the new certificate to new connections of both versions, and keeps those that are open", async () => {
    const server = await start({ keepAliveTimeout: 60_000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    clients.push(agent);
    const session = openSession(server);
    expect([await askOver(session), await askBy(agent, server)]).toEqual([["localhost", "answer"], "localhost"]);
    server.renewTls(renewed);
    expect([await askOver(session), await askBy(agent, server)]).toEqual([["localhost", "answer"], "localhost"]);
    const other = new Agent();
    clients.push(other);
    expect([await askOver(openSession(server)), await askBy(other, server)]).toEqual([
      ["renewed", "answer"],
      "renewed",
    ]);
    server.renewTls({ key, cert });
    expect(await subjectOf(server)).toBe("localhost");
  });

  const refused: readonly (readonly [string, TlsCertificate, RegExp])[] = [
    ["with the key of another one", { key, cert: renewedCert }, /^renewTls has invalid tls: ERR_OSSL_\w+ .*: expected/],
    ["that cannot be read", { key: renewedKey, cert: "-----BEGIN" }, /^renewTls has invalid tls: .*: expected a key/],
    ["that is empty, as a file that is being written", { key: renewedKey, cert: "" }, /^renewTls has tls without cert/],
    ["without a key", { cert: renewedCert }, /^renewTls has tls without key: expected key and cert as PEM, or pfx$/],
    ["of which nothing is given", {}, /^renewTls has tls without key/],
  ];
  it.each(refused)("refuses a certificate %s, and the present one stays", async (_, given, message) => {
    const server = await start();
    const renew = (): void => server.renewTls(given);
    expect(renew).toThrow(
      expect.objectContaining({ code: "invalid_argument", message: expect.stringMatching(message) }),
    );
    expect(renew).not.toThrow(/BEGIN|MIGH/);
    expect(await subjectOf(server)).toBe("localhost");
    server.renewTls(renewed);
    expect(await subjectOf(server)).toBe("renewed");
  });

  it("keeps the other settings of TLS", async () => {
    const tls = { key, cert, ca: cert, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" } as const;
    const server = await start({ tls });
    const ask = (options: ConnectionOptions) => openingOf(server, options);
    for (const subject of ["localhost", "renewed"]) {
      expect(await ask({ key, cert })).toBe(subject);
      expect(await ask({})).toBe("refused");
      expect(await ask({ key, cert, maxVersion: "TLSv1.2" })).toBe("refused");
      expect(await ask(renewed)).toBe("refused");
      server.renewTls(renewed);
    }
    // Certificates of clients too, if they are given.
    server.renewTls({ ...renewed, ca: renewedCert });
    expect([await ask({ key, cert }), await ask(renewed)]).toEqual(["refused", "renewed"]);
  });

  /** With TLS 1.3 a client learns only from the first answer that its own certificate is refused. */
  async function openingOf({ url }: RunningServer, options: ConnectionOptions): Promise<unknown> {
    const agent = new Agent({ ...options, ca: trusted });
    clients.push(agent);
    return new Promise((resolve) => {
      const outgoing = request(url, { agent }, (incoming) => {
        resolve((incoming.socket as TLSSocket).getPeerCertificate().subject.CN);
        incoming.resume();
      });
      outgoing.on("error", () => resolve("refused")).end();
    });
  }

  it("is refused by a server without TLS", async () => {
    const handle = () => ({ status: 200, headers: {} });
    const server = await serve({ handle, start: async () => {}, stop: async () => {} });
    running.push(server);
    expect(() => server.renewTls(renewed)).toThrow(
      expect.objectContaining({
        code: "failed_precondition",
        message: "renewTls has no certificate to renew: serve the app with tls first",
      }),
    );
  });
});
