import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";

/** A local registry of packed packages. */
export interface Registry {
  readonly url: string;
  stop(): Promise<void>;
}

/** One packed package. */
export interface Packed {
  readonly tarball: string;
  readonly manifest: { readonly name: string; readonly version: string; readonly bin?: object };
}

/** Serves packed packages like npm's registry, and responds with 404 to everything else. */
export async function serveRegistry(packages: readonly Packed[]): Promise<Registry> {
  const byName = new Map(packages.map((packed) => [packed.manifest.name, packed]));
  const byFile = new Map(packages.map(({ tarball }) => [basename(tarball), tarball]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", url).pathname);
    const packed = byName.get(path.slice(1));
    const tarball = byFile.get(basename(path));
    if (packed !== undefined) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(describePackage(packed, url)));
    } else if (tarball !== undefined) {
      response.setHeader("content-type", "application/octet-stream");
      response.end(readFileSync(tarball));
    } else {
      response.statusCode = 404;
      response.end("{}");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The metadata of a package in a registry, called a packument. */
function describePackage({ tarball, manifest }: Packed, url: string): object {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  const dist = { tarball: `${url}/${name}/-/${basename(tarball)}`, integrity };
  // Yarn refuses packages that are younger than a day or of unknown age.
  const time = { [version]: new Date(0).toISOString() };
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } }, time };
}
