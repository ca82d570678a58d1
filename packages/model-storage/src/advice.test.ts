import { expect, it } from 'vitest';
import { modelsCommand, promoteCommand } from './advice.ts';

it('names the network first, and quotes what a shell would take apart', () => {
  expect(modelsCommand('register', 'simnet', 'my models/m.json')).toBe(
    "npx risk-scoring models register --network simnet 'my models/m.json'",
  );
  expect(promoteCommand('simnet', 'champion', 'alert_scorer')).toBe(
    'npx risk-scoring models promote --network simnet MODEL --alias champion --model-type alert_scorer',
  );
});
