import { afterEach, describe, expect, it } from 'vitest';
import { Dataset } from './dataset.ts';
import { type LightGBMLogEntry, setLogHandler } from './log.ts';

afterEach(() => setLogHandler(undefined));

function logOf(verbosity: number): LightGBMLogEntry[] {
  const entries: LightGBMLogEntry[] = [];
  setLogHandler((entry) => entries.push(entry));
  Dataset.fromColumns({
    values: new Float32Array(40),
    rows: 20,
    columns: 2,
    parameters: { verbosity },
  }).dispose();
  return entries;
}

describe('setLogHandler', () => {
  it('gets whole lines with their level', () => {
    expect(logOf(0)).toEqual([
      { level: 'warning', message: expect.stringMatching(/^There are no meaningful features .*\.$/) },
    ]);
  });

  it('gets nothing with verbosity -1', () => {
    expect(logOf(-1)).toEqual([]);
  });
});
