// Sagas for people and tools: started, shown, watched and controlled.
export type {
  SagaChange,
  SagaControl,
  SagaFilter,
  SagaOwner,
  SagaStartOptions,
  StartedSaga,
} from "./saga-control.js";
export { SagaControls, type SagaReference } from "./saga-controls.js";
export type { SagaState, SagaStepStatus } from "./saga-state.js";
