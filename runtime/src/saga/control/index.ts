// Sagas for people and tools: started, shown, watched and controlled.
export type { SagaProblem } from "./find-problems.js";
export type { SagaChange, SagaControl, SagaReport, StartedSaga } from "./saga-control.js";
export { SagaControls, type SagaReference } from "./saga-controls.js";
export type { SagaFilter, SagaOwner } from "./saga-filter.js";
export type { SagaStartOptions } from "./saga-start.js";
export type { SagaState, SagaStepStatus } from "./saga-state.js";
