// Tools that find methods and their messages by reflection, and ask for the health of services.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type RunningServer, serve } from "@potter/runtime/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findGoProgram, reportMissing } from "../../scripts/go-programs.mjs";
import { createTestApp } from "./server/app.js";

const grpcurl = find("grpcurl");
const probe = find("grpc-health-probe");

function find(name: string): string | undefined {
  try {
    return findGoProgram(name);
  } catch (error) {
    reportMissing(name, error);
    return undefined;
  }
}

let server: RunningServer;
let address: string;

beforeAll(async () => {
  server = await serve(createTestApp({ reflection: true }));
  address = new URL(server.url).host;
});

afterAll(() => server?.stop());

/** Runs a program to its end. The server runs in this process, so that it must not wait in between. */
async function run(program: string | undefined, ...words: string[]): Promise<{ status: number; output: string }> {
  const child = spawn(String(program), words, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [status] = (await once(child, "close")) as [number];
  return { status, output };
}

describe.skipIf(grpcurl === undefined)("grpcurl", () => {
  it("lists services, their methods and the fields of messages", async () => {
    const services = (await run(grpcurl, "-plaintext", address, "list")).output.split("\n");
    expect(services).toEqual(expect.arrayContaining(["grpc.health.v1.Health", "grpc.testing.TestService"]));
    const { output: methods } = await run(grpcurl, "-plaintext", address, "list", "grpc.testing.TestService");
    expect(methods).toContain("grpc.testing.TestService.FullDuplexCall");
    const { output: message } = await run(grpcurl, "-plaintext", address, "describe", "grpc.testing.SimpleRequest");
    expect(message).toContain("int32 response_size = 2;");
  });

  it("describes a message with a map", async () => {
    const { output } = await run(grpcurl, "-plaintext", address, "describe", "grpc.health.v1.HealthListResponse");
    expect(output).toContain("map<string, .grpc.health.v1.HealthCheckResponse> statuses = 1;");
  });

  it("calls a method whose messages it knows by reflection", async () => {
    const request = '{"response_size": 3}';
    const call = await run(grpcurl, "-plaintext", "-d", request, address, "grpc.testing.TestService/UnaryCall");
    expect(call.output).toMatch(/"body":\s*"AAAA"/);
    expect(call.status).toBe(0);
  });

  it("shows the error of a call", async () => {
    const request = '{"response_status": {"code": 2, "message": "no ☺"}}';
    const call = await run(grpcurl, "-plaintext", "-d", request, address, "grpc.testing.TestService/UnaryCall");
    expect(call.output).toContain("Code: Unknown");
    expect(call.output).toContain("Message: no ☺");
    expect(call.status).not.toBe(0);
  });
});

describe.skipIf(probe === undefined)("grpc-health-probe", () => {
  it("finds the server and its service healthy, and no other service", async () => {
    for (const service of ["", "grpc.testing.TestService"]) {
      const { status, output } = await run(probe, `-addr=${address}`, `-service=${service}`);
      expect(output).toContain("status: SERVING");
      expect(status).toBe(0);
    }
    const { status } = await run(probe, `-addr=${address}`, "-service=grpc.testing.Unknown");
    expect(status).not.toBe(0);
  });
});
