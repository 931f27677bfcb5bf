import { PotterError } from "../../../errors/index.js";

/** One server. */
export interface Host {
  /** Host and port, for messages. */
  readonly name: string;
  /** Connection URL for pg, without the parameters parsed here and in `tls.ts`. */
  readonly url: string;
}

export interface Hosts {
  readonly all: readonly Host[];
  /** All of them and the database, for messages. */
  readonly name: string;
  /** Whether connections require a server that accepts writes. */
  readonly primary: boolean;
  /** The parameters of the URL. */
  readonly parameters: URLSearchParams;
}

/** Parameters parsed here or in `tls.ts`, which pg must not interpret. */
const own = ["target_session_attrs", "sslmode", "sslrootcert", "sslcert", "sslkey", "uselibpqcompat"];

/** Parses a URL with one or several hosts. Errors never contain the URL, which holds a password. */
export function toHosts(url: string, more: readonly string[] = []): Hosts {
  const match = typeof url === "string" ? /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)(.*)$/s.exec(url) : null;
  const [, before = "", authority = "", after = ""] = match ?? [];
  const names = [...authority.split(","), ...more];
  if (match === null || !names.every((name) => !/[@/?#]/.test(name) && URL.canParse(`${before}${name}${after}`))) {
    throw new PotterError(
      "invalid_argument",
      "the URL of the database must be like postgres://user:password@host:5432/database",
    );
  }
  const { pathname, searchParams: parameters } = new URL(`${before}${names[0]}${after}`);
  const all = names.map((name) => toHost(`${before}${name}${after}`));
  return {
    all,
    name: `${all.map((host) => host.name).join(",")}${pathname}`,
    primary: wantsPrimary(parameters.get("target_session_attrs"), all.length),
    parameters,
  };
}

function toHost(text: string): Host {
  const url = new URL(text);
  const { hostname, port, searchParams } = url;
  const name = `${searchParams.get("host") || hostname || "localhost"}:${port || "5432"}`;
  for (const parameter of own) searchParams.delete(parameter);
  return { name, url: url.href };
}

function wantsPrimary(attributes: string | null, count: number): boolean {
  if (attributes === null) return count > 1;
  if (attributes === "any") return false;
  if (attributes === "read-write" || attributes === "primary") return true;
  throw new PotterError(
    "invalid_argument",
    `target_session_attrs=${attributes} is not supported: expected read-write, primary or any`,
  );
}
