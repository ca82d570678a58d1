import { describe, expect, it } from 'vitest';
import { createThrottle } from './progress-throttle.ts';

describe('createThrottle', () => {
  it('passes on the first, one per interval and the last', () => {
    const passed: number[] = [];
    let time = 0;
    const throttle = createThrottle(
      100,
      (value: number) => passed.push(value),
      () => time,
    );
    for (const at of [0, 30, 99, 100, 150, 230, 240]) {
      time = at;
      throttle.report(at);
    }
    expect(passed).toEqual([0, 100, 230]);
    throttle.flush();
    throttle.flush();
    expect(passed).toEqual([0, 100, 230, 240]);
  });
});
