// Sagas for people and tools: started, shown, watched and controlled.
export type {
  SagaChange,
  SagaControl,
  SagaFilter,
  SagaOwner,
  SagaStartOptions,
  SagaState,
  SagaStepStatus,
  StartedSaga,
} from "./saga-control.js";
export { SagaControls, type SagaReference } from "./saga-controls.js";
