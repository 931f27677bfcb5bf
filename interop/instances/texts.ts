import type { RuleValues } from "./read-rules.js";

/** Texts that match the formats of protovalidate's rules, including boundary cases. */
const right: Readonly<Record<string, readonly string[]>> = {
  email: ["a@example.com", "a.b+c@example.co.uk", "x!#$%&'*+/=?^_`{|}~-@example.org", "A@B.de", "1@2.com"],
  hostname: ["localhost", "example.com", "a-b.c", "EXAMPLE.com", "a1.b2", `${"a".repeat(63)}.de`],
  ip: ["127.0.0.1", "::1", "2001:db8::ff00:42:8329", "255.255.255.255"],
  ipv4: ["127.0.0.1", "0.0.0.0", "255.255.255.255"],
  ipv6: ["::", "::1", "2001:db8::ff00:42:8329", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"],
  uri: [
    "https://example.com/a?b=c#d",
    "mailto:a@example.com",
    "urn:isbn:1",
    "a:b",
    "http://[::1]:80/",
    "https://a/%20",
  ],
  uri_ref: ["https://example.com/a", "/a/b", "a", "#b", "?q=1", "../x", ""],
  address: ["localhost", "example.com", "127.0.0.1", "::1"],
  uuid: [
    "123e4567-e89b-12d3-a456-426614174000",
    "00000000-0000-0000-0000-000000000000",
    "ABCDEF00-1111-4222-8333-444455556666",
  ],
  tuuid: ["123e4567e89b12d3a456426614174000", "00000000000000000000000000000000"],
  ulid: ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01arz3ndektsv4rrffq69g5fav"],
  protobuf_fqn: ["a", "a.b.C_1", "_x.y"],
  protobuf_dot_fqn: [".a", ".a.b.C_1"],
  ip_with_prefixlen: ["127.0.0.1/8", "::1/128", "1.2.3.4/32", "2001:db8::1/0"],
  ipv4_with_prefixlen: ["127.0.0.1/8", "0.0.0.0/0", "255.255.255.255/32"],
  ipv6_with_prefixlen: ["::1/128", "2001:db8::1/64", "::/0"],
  ip_prefix: ["127.0.0.0/8", "::/0", "2001:db8::/32"],
  ipv4_prefix: ["127.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32"],
  ipv6_prefix: ["::/0", "2001:db8::/32", "::1/128"],
  host_and_port: ["localhost:80", "127.0.0.1:0", "[::1]:65535", "example.com:8080"],
};

/** Texts that nearly match, most of which it refuses. */
const nearly: Readonly<Record<string, readonly string[]>> = {
  email: [
    "",
    "a",
    "a@",
    "@b",
    "a b@c.de",
    "a@b@c",
    "a@-b.de",
    "a@b_c.de",
    " a@b.de",
    "<a@b.de>",
    "a@b.de\n",
    "é@b.de",
    "a@b..de",
  ],
  hostname: [
    "",
    "-a",
    "a-",
    "a..b",
    "a_b",
    ".",
    "a b",
    "é.de",
    "1.2.3",
    "127.0.0.1",
    `${"a".repeat(64)}.de`,
    `${"a.".repeat(130)}de`,
  ],
  ip: ["", "1.2.3", "256.1.1.1", "::1::", "1.2.3.4/8", "g::", "localhost"],
  ipv4: ["", "1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4.5", "::1", "1.2.3.4 "],
  ipv6: ["", ":", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1.2.3.4", "[::1]"],
  uri: ["", "a", "/a", "//a", "http://a b", "http://[", "1:b", "http://a/%2", "http://a/\u0000", "é:b"],
  uri_ref: [" ", "a b", "%2", "http://[", "\\", "<", "\u0000"],
  address: ["", "-a", "a b", "a..b", "a_b", "1.2.3.999", "[::1]"],
  uuid: [
    "",
    "x",
    "123e4567-e89b-12d3-a456-42661417400",
    "123e4567e89b12d3a456426614174000",
    "{123e4567-e89b-12d3-a456-426614174000}",
    "g23e4567-e89b-12d3-a456-426614174000",
    "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
  ],
  tuuid: [
    "",
    "x",
    "123e4567e89b12d3a45642661417400",
    "123e4567-e89b-12d3-a456-426614174000",
    "g23e4567e89b12d3a456426614174000",
  ],
  ulid: ["", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAU"],
  protobuf_fqn: ["", ".a", "a.", "a..b", "1a", "a-b"],
  protobuf_dot_fqn: ["", "a", ".a.", ".", "..a", ".1a"],
  ip_with_prefixlen: ["", "127.0.0.1", "::1/129", "1.2.3.4/33", "x/8", "1.2.3.4/"],
  ipv4_with_prefixlen: ["", "127.0.0.1", "1.2.3.4/33", "::1/8", "1.2.3/8", "1.2.3.4/08"],
  ipv6_with_prefixlen: ["", "::1", "::1/129", "1.2.3.4/8", "x::/8"],
  ip_prefix: ["", "127.0.0.1/8", "::1/0", "127.0.0.0"],
  ipv4_prefix: ["", "127.0.0.1/8", "::/0", "127.0.0.0"],
  ipv6_prefix: ["", "::1/0", "127.0.0.0/8", "::"],
  host_and_port: ["", "localhost", "localhost:", "a:65536", "a:-1", ":80", "::1:80", "a:080", "a b:80"],
};

const headers: Readonly<Record<string, readonly string[]>> = {
  "1 true": ["Content-Type", ":path", "x", "a.b~c|d"],
  "2 true": ["", "text/html; charset=utf-8", "é", "a\tb"],
  "1 false": ["Content-Type", "a b", "é:"],
  "2 false": ["", "a b", "\u0001"],
};

const oddHeaders = ["", ":", " ", "a b", "a\nb", "a\u0000b", "a\rb", "a\u0001b", "a\u007fb", "é", "a:b", "a\n"];

/** Valid texts for the rules of a string, if they name a format. */
export function textsOf(values: RuleValues): readonly string[] | undefined {
  const { well_known_regex: regex, strict = true } = values;
  if (regex !== undefined) return headers[`${regex} ${strict}`];
  return right[named(values) ?? ""];
}

/** Texts that the rules of a string may refuse. */
export function oddTextsOf(values: RuleValues): readonly string[] {
  if (values["well_known_regex"] !== undefined) return oddHeaders;
  const name = named(values);
  return name === undefined ? [] : [...(nearly[name] ?? []), ...Object.values(right).flatMap(([first = ""]) => first)];
}

function named(values: RuleValues): string | undefined {
  return Object.keys(right).find((name) => values[name] === true);
}
