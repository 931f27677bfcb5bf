// The suites of connectconformance, by what they test. One that is not listed is not run; the runner refuses a name that it lacks.

/** Those for servers and for clients. */
const both = [
  "Basic",
  "Errors",
  "Duplicate Metadata",
  "Connect with GET",
  "Deadline Propagation",
  "Timeouts",
  "TLS Client Certs",
];

/** The suites of a mode, in the order in which they run. */
export const suites = {
  server: [
    ...both,
    "Unexpected Requests",
    "Connect Unexpected Requests",
    "Connect to HTTP Code Mapping",
    "gRPC Unexpected Requests",
    "gRPC Proto Sub-Format Requests",
    "gRPC-Web Unexpected Requests",
    "gRPC-Web Proto Sub-Format Requests",
    "Server Empty Requests",
    "Server Message Size",
  ],
};
