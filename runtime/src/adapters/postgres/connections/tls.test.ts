// Encryption with a real server and its own certificates.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgresServer } from "../../../../../scripts/postgres-server.mjs";
import { url } from "../postgres.fixture.js";
import { postgres } from "../postgres.js";
import { type Certificates, makeCertificates } from "./certificates.fixture.js";
import type { PostgresTls } from "./options.js";
import { toTls } from "./tls.js";

describe.skipIf(url === undefined)("TLS", () => {
  let certificates: Certificates;
  let server: PostgresServer;
  const warnings: string[] = [];
  const warn = (warning: Error) => warnings.push(warning.message);
  beforeAll(async () => {
    process.on("warning", warn);
    certificates = makeCertificates("DNS:db.example");
    server = await startPostgresServer({ tls: certificates });
  });
  afterAll(async () => {
    process.off("warning", warn);
    await server?.stop();
  });

  async function connect(tls: PostgresTls | undefined, parameters = ""): Promise<string> {
    const store = postgres({
      url: `${server.url}${parameters}`,
      ...(tls && { tls }),
      schema: "tls",
      startTimeout: 2000,
    });
    try {
      await store.start();
      await store.stop();
      return "connected";
    } catch (error) {
      return (error as Error).message;
    }
  }

  it("connects if the certificate has the host name and is signed by the expected authority", async () => {
    expect(await connect({ ca: certificates.ca, servername: "db.example" })).toBe("connected");
    expect(await connect({ ca: certificates.ca, servername: "db.example" }, "?sslmode=require")).toBe("connected");
  });

  it("refuses another name, another authority and an unknown authority", async () => {
    const { ca } = makeCertificates("DNS:db.example");
    expect(await connect({ ca: certificates.ca })).toContain("does not match certificate's altnames");
    expect(await connect({ ca: certificates.ca, servername: "other.example" })).toContain("does not match");
    expect(await connect({ ca, servername: "db.example" })).toContain("does not let us in: ");
    expect(await connect(undefined, "?sslmode=require")).toContain("does not let us in: ");
  });

  it("accepts any certificate if configured so", async () => {
    expect(await connect({ rejectUnauthorized: false })).toBe("connected");
    expect(await connect(undefined, "?sslmode=no-verify")).toBe("connected");
    expect(await connect(undefined, "?sslmode=require&uselibpqcompat=true")).toBe("connected");
    expect(await connect(undefined, "?sslmode=disable")).toBe("connected");
  });

  it("logs no warnings", () => {
    expect(warnings).toEqual([]);
  });
});

describe("sslmode", () => {
  it("may not leave encryption to the server", () => {
    expect(() => toTls(undefined, new URLSearchParams("sslmode=prefer"))).toThrow(
      "sslmode=prefer is not supported, since it may leave a connection open to anybody: expected disable, no-verify, require, verify-ca or verify-full",
    );
  });

  it.each([
    ["", undefined],
    ["sslmode=disable", false],
    ["sslmode=verify-full", { rejectUnauthorized: true }],
    ["sslmode=require", { rejectUnauthorized: true }],
    ["sslmode=no-verify", { rejectUnauthorized: false }],
  ])("%j is read as %j", (parameters, expected) => {
    expect(toTls(undefined, new URLSearchParams(parameters))).toEqual(expected);
  });
});
