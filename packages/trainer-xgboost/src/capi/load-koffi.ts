import { createRequire } from 'node:module';
import type Koffi from 'koffi';

const require = createRequire(import.meta.url);

/** koffi, loaded when it is needed: where its native part cannot be loaded, models still predict. */
export function loadKoffi(): typeof Koffi {
  return require('koffi') as typeof Koffi;
}
