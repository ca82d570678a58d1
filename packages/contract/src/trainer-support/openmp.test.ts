import { describe, expect, it } from 'vitest';
import { limitSpinning } from './openmp.ts';

describe.runIf(process.platform === 'linux')('limitSpinning', () => {
  it.each([
    { given: {}, after: { GOMP_SPINCOUNT: '1000' } },
    { given: { GOMP_SPINCOUNT: '5' }, after: { GOMP_SPINCOUNT: '5' } },
    { given: { OMP_WAIT_POLICY: 'active' }, after: { OMP_WAIT_POLICY: 'active' } },
  ])('leaves $given as $after', ({ given, after }) => {
    const env: NodeJS.ProcessEnv = { ...given };
    limitSpinning(env);
    expect(env).toEqual(after);
  });
});
