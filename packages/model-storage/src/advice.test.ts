import { execFileSync } from 'node:child_process';
import { createRandom } from '@risk-scoring/contract';
import { expect, it } from 'vitest';
import { modelsCommand, promoteCommand, quote } from './advice.ts';

it('names the network first, and quotes what a shell would take apart', () => {
  expect(modelsCommand('register', 'simnet', 'my models/m.json')).toBe(
    "npx risk-scoring models register --network simnet 'my models/m.json'",
  );
  expect(promoteCommand('simnet', 'champion', 'alert_scorer')).toBe(
    'npx risk-scoring models promote --network simnet MODEL --alias champion --model-type alert_scorer',
  );
});

it('gives a shell any words back as they were', () => {
  const random = createRandom(1, 'words');
  const characters = [...'aZ09 \t\n\'"$`\\!*?[]{}()<>|&;#~=%,.:/-…é'];
  const word = () =>
    Array.from({ length: random.integer(8) }, () => characters[random.integer(characters.length)]).join('');
  const words = Array.from({ length: 300 }, word);
  const shown = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`], {
    encoding: 'utf8',
  });
  expect(shown.split('\0').slice(0, -1)).toEqual(words);
});
