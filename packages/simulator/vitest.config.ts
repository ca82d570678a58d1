import { defineConfig } from 'vitest/config';

// Property tests and whole simulations take seconds, and many times that on a busy machine.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } });
