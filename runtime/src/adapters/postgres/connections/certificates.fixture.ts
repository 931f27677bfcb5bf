import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificates {
  /** Who signed. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate for these names, signed by an authority that exists for this call only. Needs openssl. */
export function makeCertificates(names: string): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "potter-tls-"));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const authority = ["-keyout", path("ca.key"), "-out", path("ca.pem"), "-subj", "/CN=Potter's authority"];
  try {
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...authority);
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", path("key.pem"), "-out", path("csr"), "-subj", "/CN=db");
    writeFileSync(path("names"), `subjectAltName=${names}`);
    const by = ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial", "-extfile", path("names")];
    openssl("x509", "-req", "-in", path("csr"), "-days", "2", "-out", path("cert.pem"), ...by);
    const read = (name: string) => readFileSync(path(name), "utf8");
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
