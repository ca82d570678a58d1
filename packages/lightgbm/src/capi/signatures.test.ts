import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceRoot } from '../../scripts/library-paths.mjs';
import { CONSTANTS, SIGNATURES } from './signatures.ts';

const header = readFileSync(join(sourceRoot(), 'include', 'LightGBM', 'c_api.h'), 'utf8');

/** Every function that the header exports: return type, name, parameter types and names, spaced alike. */
function declarations(): Map<string, string> {
  const found = header.matchAll(/^LIGHTGBM_C_EXPORT\s+([^;]+);/gm);
  return new Map(
    Array.from(found, ([, text]) => spacedAlike(text ?? '')).map((text) => [functionName(text), text]),
  );
}

function functionName(declaration: string): string {
  return /(\w+)\s*\(/.exec(declaration)?.[1] ?? '';
}

function spacedAlike(declaration: string): string {
  return declaration
    .replace(/\s+/g, ' ')
    .replace(/ ?\* ?/g, '* ')
    .replace(/\(\* (\w+)\)/, '(*$1)')
    .replace(/\* \)/g, '*)')
    .trim();
}

describe('the bound signatures', () => {
  const declared = declarations();

  it('reads the header whole', () => {
    expect(declared.size).toBe(header.match(/^LIGHTGBM_C_EXPORT/gm)?.length);
    expect(declared.size).toBeGreaterThan(60);
  });

  it.each(Object.entries(SIGNATURES))('%s is what c_api.h declares', (name, signature) => {
    expect(spacedAlike(signature)).toBe(declared.get(name));
    expect(functionName(signature)).toBe(name);
  });

  it('notices a parameter that changed its type or place', () => {
    const drifted = SIGNATURES.LGBM_BoosterGetEval.replace(
      'int data_idx, int* out_len',
      'int* out_len, int data_idx',
    );
    expect(spacedAlike(drifted)).not.toBe(declared.get('LGBM_BoosterGetEval'));
    expect(spacedAlike(SIGNATURES.LGBM_BoosterGetEval.replace('double*', 'float*'))).not.toBe(
      declared.get('LGBM_BoosterGetEval'),
    );
  });

  it.each(Object.entries(CONSTANTS))('%s is %i in c_api.h', (name, value) => {
    expect(new RegExp(`#define ${name}\\s+\\((\\d+)\\)`).exec(header)?.[1]).toBe(String(value));
  });
});
