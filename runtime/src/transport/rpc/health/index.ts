// grpc.health.v1: whether the app and each of its services serve, for orchestrators and load balancers.
export { createHealthMethods } from "./health-methods.js";
