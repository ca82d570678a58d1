import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { describeOnnxRuntime } from './describe-onnx-runtime.ts';

describe('describeOnnxRuntime', () => {
  it('says the version that is installed, after it scored', async () => {
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
      version: string;
    };
    const found = await describeOnnxRuntime();
    expect(found.version).toBe(version);
    expect(found.backends).toContain('cpu');
  });
});
