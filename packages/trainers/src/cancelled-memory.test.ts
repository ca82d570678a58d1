// A process of its own runs what was built, so that nothing else is in its memory.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** One data set that is not freed (bins of 20,000 rows × 60 columns are 1.2 MB) makes 72 MB in 60 trainings. */
const BOUND_MB = 36;
const WARM_UP_TENS = 2;

describe('cancelling a training at any time', () => {
  it(`leaves no memory behind: 60 of them grow the process by less than ${BOUND_MB} MB`, {
    timeout: 180_000,
  }, () => {
    const script = fileURLToPath(new URL('./testing/cancel-repeatedly.mjs', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { codes, resident } = JSON.parse(stdout);
    expect(codes).toEqual({ CANCELLED: 100 });
    expect(resident).toHaveLength(10);
    // What the allocator keeps goes up and down by two copies of the matrix; what is lost never goes down.
    const warm = resident[WARM_UP_TENS - 1];
    expect(Math.min(...resident.slice(-3)) - warm).toBeLessThan(BOUND_MB);
  });
});
