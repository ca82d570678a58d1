import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { shellCommand } from './shell-command.ts';

describe('shellCommand', () => {
  it('leaves words alone that a shell takes as they are', () => {
    const words = ['npx', 'risk-scoring', 'score', '--date', '2025-01-06', '--out', './a/b_c.csv'];
    expect(shellCommand(words)).toBe('npx risk-scoring score --date 2025-01-06 --out ./a/b_c.csv');
  });

  it.skipIf(process.platform === 'win32')('gives any words back as they were when a shell reads it', () => {
    const random = createRandom(1, 'words');
    const characters = [...'aZ09 \t\n\'"$`\\!*?[]{}()<>|&;#~=%,.:/-…é'];
    const word = () =>
      Array.from({ length: random.integer(8) }, () => characters[random.integer(characters.length)]).join('');
    const words = Array.from({ length: 300 }, word);
    const shown = execFileSync('sh', ['-c', `printf '%s\\0' ${shellCommand(words)}`], { encoding: 'utf8' });
    expect(shown.split('\0').slice(0, -1)).toEqual(words);
  });
});
