// grpc.reflection, v1 and v1alpha: the contract of an app for tools such as grpcurl, from the descriptors of its messages.
export { createReflectionMethods } from "./reflection-methods.js";
