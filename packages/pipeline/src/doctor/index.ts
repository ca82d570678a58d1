export type { InspectOptions } from './inspect-machine.ts';
export { inspectMachine } from './inspect-machine.ts';
export type { CheckStatus, MachineCheck } from './machine-check.ts';
export { worstStatus } from './machine-check.ts';
