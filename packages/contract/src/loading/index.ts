export type { LoadedModule } from './load-module.ts';
export { importModule, loadModule } from './load-module.ts';
export type { ModulePlace } from './locate-module.ts';
export { isPath, locateModule } from './locate-module.ts';
export type { ModuleKind, ModuleProblem } from './module-kind.ts';
export { ModuleSourceError } from './module-kind.ts';
