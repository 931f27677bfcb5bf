import type { AnyMethod, CallOptions, CallResult, StreamKind } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import type { BoundMethod, TransportHost } from "../../../http/index.js";
import { es } from "../../../message/index.js";
import { healthMessage } from "./health-descriptors.js";
import { HealthStatus, type ServingStatus, servingStatus } from "./health-status.js";

const service = "grpc.health.v1.Health";

/** Creates the methods of `grpc.health.v1.Health` for the services of an app. */
export function createHealthMethods(host: TransportHost): readonly BoundMethod[] {
  const status = new HealthStatus(host);
  const checkRequest = es(healthMessage("grpc.health.v1.HealthCheckRequest"));
  const checkResponse = es(healthMessage("grpc.health.v1.HealthCheckResponse"));
  const listRequest = es(healthMessage("grpc.health.v1.HealthListRequest"));
  const listResponse = es(healthMessage("grpc.health.v1.HealthListResponse"));

  const bind = (
    name: string,
    stream: StreamKind,
    [request, response]: readonly [AnyMethod["request"], AnyMethod["response"]],
    invoke: (name: string, options: CallOptions) => Promise<CallResult>,
  ): BoundMethod => ({
    method: { service, name, kind: "query", stream, request, response, http: [], errors: {} },
    invoke: (message, options) => invoke((message as { readonly service: string }).service, options),
  });

  async function check(name: string): Promise<CallResult> {
    const found = await status.of(name);
    if (found === servingStatus.serviceUnknown) {
      throw new PotterError("not_found", "the server has no service of this name");
    }
    return { response: checkResponse.create({ status: found }) };
  }

  async function list(): Promise<CallResult> {
    const statuses: Record<string, { readonly status: ServingStatus }> = {};
    for (const name of status.services) statuses[name] = { status: await status.of(name) };
    return { response: listResponse.create({ statuses }) };
  }

  async function* watch(name: string, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
    for await (const found of status.watch(name, signal)) yield checkResponse.create({ status: found });
  }

  return [
    bind("Check", "unary", [checkRequest, checkResponse], check),
    bind("List", "unary", [listRequest, listResponse], list),
    bind("Watch", "server", [checkRequest, checkResponse], async (name, { signal }) => ({
      response: watch(name, signal),
    })),
  ];
}
