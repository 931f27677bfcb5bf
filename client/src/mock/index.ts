// A transport whose answers are functions, for tests.
export {
  type MockAnswer,
  type MockedMethod,
  type MockHandler,
  MockTransport,
  mockTransport,
} from "./mock-transport.js";
