// Runs the interoperability tests of gRPC with the client of grpc-go: npm run conformance -- grpc [case …]
//
// Each case is one process of the client, against a server in clear text and one with TLS. Not run are the cases about
// credentials of Google, and those about load reports (ORCA), which are services of their own.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findGoProgram, reportMissing } from "../../scripts/go-programs.mjs";
import { compileProgram } from "../compile-program.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** What ends a case that hangs, in milliseconds. It says nothing about speed. */
const timeLimit = 120_000;

/** The cases, in the order in which the client lists them. */
const cases = [
  "empty_unary",
  "large_unary",
  "client_streaming",
  "server_streaming",
  "ping_pong",
  "empty_stream",
  "timeout_on_sleeping_server",
  "cancel_after_begin",
  "cancel_after_first_response",
  "status_code_and_message",
  "special_status_message",
  "custom_metadata",
  "unimplemented_method",
  "unimplemented_service",
  "pick_first_unary",
  "rpc_soak",
  "channel_soak",
];

/**
 * The soak cases measure latency, which says nothing on a busy machine: one of thirty new connections with messages of 300 kB takes five
 * seconds on some, with a bare server of node:http2 too.
 */
const patience = ["--soak_per_iteration_max_acceptable_latency_ms=60000", "--soak_overall_timeout_seconds=100"];

const selected = process.argv.length > 2 ? process.argv.slice(2) : cases;
const unknown = selected.find((name) => !cases.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`there is no case ${unknown}: expected ${cases.join(", ")}\n`);
  process.exit(2);
}

const client = find();
if (client !== undefined) {
  compileProgram(folder);
  const work = mkdtempSync(join(tmpdir(), "potter-grpc-"));
  try {
    const certificate = createCertificate(work);
    const ok = [await runCases("clear text", [], [])];
    if (certificate !== undefined) {
      const { cert, key } = certificate;
      ok.push(await runCases("TLS", [cert, key], ["--use_tls", "--use_test_ca", `--ca_file=${cert}`]));
    }
    if (ok.includes(false)) process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function find() {
  try {
    return findGoProgram("grpc-interop-client");
  } catch (error) {
    reportMissing("grpc-go's interop client", error);
    return undefined;
  }
}

/** A certificate for localhost; undefined: there is no openssl to make one. */
function createCertificate(work) {
  const [cert, key] = [join(work, "cert.pem"), join(work, "key.pem")];
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert];
  try {
    execFileSync("openssl", [...words, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], {
      stdio: "pipe",
    });
    return { cert, key };
  } catch (error) {
    reportMissing("openssl", error);
    return undefined;
  }
}

/** Runs the selected cases against one server. Returns whether all passed. */
async function runCases(title, serverArguments, clientArguments) {
  const server = spawn(process.execPath, [join(folder, "dist/server/main.js"), ...serverArguments], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = await Promise.race([once(server.stdout, "data"), once(server, "exit").then(failStart)]);
    const words = [`--server_port=${String(port).trim()}`, "--server_host=localhost", ...patience, ...clientArguments];
    let passed = 0;
    for (const name of selected) {
      const { output, succeeded } = await runCase(name, words);
      if (succeeded) passed++;
      else process.stdout.write(`grpc: ${title}: ${name} failed:\n${output}\n`);
    }
    process.stdout.write(`grpc: ${title}: ${passed} passed, ${selected.length - passed} failed\n`);
    return passed === selected.length;
  } finally {
    server.kill("SIGTERM");
  }
}

function failStart() {
  throw new Error("the server ended before it was listening");
}

async function runCase(name, words) {
  const child = spawn(client, [...words, `--test_case=${name}`], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeLimit,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const [status] = await once(child, "close");
  return { output, succeeded: status === 0 };
}
