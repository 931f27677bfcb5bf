import { type Client, connectTransport, createClient, type Transport } from "@potter/client";
import { grpcTransport } from "@potter/client/grpc";
import type { ClientCompatRequest } from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Codec, Protocol } from "../gen/connectrpc/conformance/v1/config_pb.js";

const clients = new Map<string, Client>();

/** The client for a request: one for each server and way to call it. */
export function findClient(request: ClientCompatRequest): Client {
  const { protocol, codec, host, port, useGetHttpMethod, messageReceiveLimit, clientTlsCreds } = request;
  const key = [protocol, codec, host, port, useGetHttpMethod, messageReceiveLimit, clientTlsCreds !== undefined].join();
  const found = clients.get(key);
  if (found !== undefined) return found;
  const client = createClient({ transport: createTransport(request), retry: false, timeout: 0 });
  clients.set(key, client);
  return client;
}

/** Closes all connections. */
export async function closeClients(): Promise<void> {
  await Promise.all(Array.from(clients.values(), (client) => client.close()));
}

function createTransport(request: ClientCompatRequest): Transport {
  const { protocol, codec, host, port, serverTlsCert, clientTlsCreds, messageReceiveLimit, useGetHttpMethod } = request;
  const baseUrl = `${serverTlsCert.length > 0 ? "https" : "http"}://${host}:${port}`;
  if (protocol === Protocol.CONNECT) {
    return connectTransport({ baseUrl, format: codec === Codec.JSON ? "json" : "proto", get: useGetHttpMethod });
  }
  if (protocol !== Protocol.GRPC) throw new Error(`the client has no transport for protocol ${protocol}`);
  return grpcTransport({
    baseUrl,
    connection: {
      ...(serverTlsCert.length > 0 && { ca: Buffer.from(serverTlsCert) }),
      ...(clientTlsCreds && { cert: Buffer.from(clientTlsCreds.cert), key: Buffer.from(clientTlsCreds.key) }),
    },
    ...(messageReceiveLimit > 0 && { maxMessageSize: messageReceiveLimit }),
  });
}
