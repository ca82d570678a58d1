import { expect, it } from 'vitest';
import { nextCommand, withPlace } from './next-command.ts';

it('gives the data folder and the configuration to a command to go on with', () => {
  expect(
    nextCommand(['models', 'list', '--network', 'simnet'], { dataDir: 'my data', config: 'c.yaml' }),
  ).toBe("npx risk-scoring models list --network simnet --config c.yaml --data-dir 'my data'");
});

it('adds them to commands that others advise, once', () => {
  const advised =
    'list them with: npx risk-scoring models list --network simnet, or run npx risk-scoring doctor';
  expect(withPlace(advised, { dataDir: 'd' })).toBe(
    'list them with: npx risk-scoring models list --network simnet --data-dir d, or run npx risk-scoring doctor',
  );
  const own = nextCommand(['score', '--network', 'simnet', '--date', '2025-01-01'], { dataDir: 'd' });
  expect(withPlace(own, { dataDir: 'd' })).toBe(own);
  expect(withPlace(advised, {})).toBe(advised);
});
