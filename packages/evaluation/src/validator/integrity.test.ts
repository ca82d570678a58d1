import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkIntegrity } from './integrity.ts';

const whole = { withoutVersion: 0, withoutUrl: 0 };

describe('checkIntegrity', () => {
  it('passes a submission with each alert once, in any order, with scores at both ends of the range', () => {
    const { integrity, scores } = checkIntegrity(['a', 'b', 'c'], {
      alertIds: ['c', 'a', 'b'],
      scores: Float64Array.of(0, 1, 0.5),
      ...whole,
    });
    expect(integrity.passed).toBe(true);
    expect(Array.from(scores)).toEqual([1, 0.5, 0]);
  });

  it('says of each condition how many are at fault, and which', () => {
    const { integrity, scores } = checkIntegrity(['a', 'b', 'c', 'd'], {
      alertIds: ['a', 'a', 'a', 'b', 'c', 'x'],
      scores: Float64Array.of(1.5, 0.4, 0.6, Number.NaN, -0.1, 0.3),
      withoutVersion: 2,
      withoutUrl: 6,
    });
    expect(integrity).toEqual({
      passed: false,
      every_alert_scored: { passed: false, failures: 1, examples: ['d'] },
      scores_in_range: { passed: false, failures: 3, examples: ['a', 'b', 'c'] },
      no_duplicates: { passed: false, failures: 1, examples: ['a'] },
      version_present: { passed: false, failures: 2, examples: [] },
      url_present: { passed: false, failures: 6, examples: [] },
      unknown_alerts: { rows: 1, examples: ['x'] },
    });
    // The first row with a number that can be used.
    expect(Array.from(scores)).toEqual([0.4, Number.NaN, Number.NaN, Number.NaN]);
  });

  it('does not fail for alerts that the snapshot does not have', () => {
    const rows = { alertIds: ['a', 'x'], scores: Float64Array.of(0.1, 0.2), ...whole };
    expect(checkIntegrity(['a'], rows).integrity).toMatchObject({
      passed: true,
      unknown_alerts: { rows: 1, examples: ['x'] },
    });
  });

  it('fails for such an alert that has two rows', () => {
    const rows = { alertIds: ['a', 'x', 'x', 'x'], scores: Float64Array.of(0.1, 0.2, 0.2, 0.2), ...whole };
    expect(checkIntegrity(['a'], rows).integrity).toMatchObject({
      passed: false,
      no_duplicates: { passed: false, failures: 1, examples: ['x'] },
      unknown_alerts: { rows: 3 },
    });
  });

  it('fails for a file without rows: it names no model either', () => {
    const { integrity } = checkIntegrity(['a'], { alertIds: [], scores: new Float64Array(0), ...whole });
    expect(integrity.passed).toBe(false);
    expect(integrity.every_alert_scored.failures).toBe(1);
    expect(integrity.version_present.passed).toBe(false);
    expect(integrity.url_present.passed).toBe(false);
  });

  it('takes ids of any text, also those that objects have of themselves', () => {
    const ids = ['__proto__', 'constructor', '', 'a,"b"\n'];
    const rows = { alertIds: ids, scores: new Float64Array(4).fill(0.5), ...whole };
    expect(checkIntegrity(ids, rows).integrity.passed).toBe(true);
  });

  it('says the same whatever the order of the rows', () => {
    const row = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'x'), fc.double({ min: -0.5, max: 1.5 }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const counts = (order: typeof rows) => {
          const { integrity } = checkIntegrity(['a', 'b', 'c', 'd'], {
            alertIds: order.map(([id]) => id),
            scores: Float64Array.from(order, ([, score]) => score),
            ...whole,
          });
          const { every_alert_scored, scores_in_range, no_duplicates, passed, unknown_alerts } = integrity;
          return [
            every_alert_scored.failures,
            scores_in_range.failures,
            no_duplicates.failures,
            passed,
            unknown_alerts.rows,
          ];
        };
        expect(counts([...rows].reverse())).toEqual(counts(rows));
      }),
    );
  });
});
