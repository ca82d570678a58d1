// A process of its own runs what was built, so that nothing else is in its memory.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** One data set that is not freed (bins of 20,000 rows × 60 columns are 1.2 MB) makes 60 MB in 50 trainings. */
const BOUND_MB = 25;

describe('cancelling a training at any time', () => {
  it(`leaves no memory behind: 50 of them grow the process by less than ${BOUND_MB} MB`, {
    timeout: 180_000,
  }, () => {
    const script = fileURLToPath(new URL('./testing/cancel-repeatedly.mjs', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { codes, resident } = JSON.parse(stdout);
    expect(codes).toEqual({ CANCELLED: 60 });
    const [warm = 0, ...after] = resident;
    expect(after).toHaveLength(5);
    expect(after.at(-1) - warm).toBeLessThan(BOUND_MB);
  });
});
