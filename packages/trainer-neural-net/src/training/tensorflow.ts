import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as WasmBackend from '@tensorflow/tfjs-backend-wasm';
import type * as Tfjs from '@tensorflow/tfjs-core';

// Both packages are CommonJS: required, they load in a sixth of the time that an import takes, which looks for their exports first.
const require = createRequire(import.meta.url);

/** tfjs, as {@link startTensorflow} starts it. */
export const tf = require('@tensorflow/tfjs-core') as typeof Tfjs;

/**
 * Starts tfjs on its WebAssembly backend, from the files inside its npm package. One thread and the SIMD binary, which all supported Node
 * versions run: sums have the same order, and models the same bits, on every machine.
 *
 * @returns the versions of the libraries
 */
export async function startTensorflow(): Promise<Record<string, string>> {
  const manifest = require.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  if (tf.getBackend() !== 'wasm') {
    const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm') as typeof WasmBackend;
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths(`${dirname(manifest)}/dist/`);
    await tf.setBackend('wasm');
    await tf.ready();
  }
  const { version } = require(manifest) as { version: string };
  return { '@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-wasm': version };
}
