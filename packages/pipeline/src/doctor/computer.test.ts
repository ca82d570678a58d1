import { describe, expect, it } from 'vitest';
import { type ComputerFacts, checkComputer, readComputer } from './computer.ts';
import type { MachineCheck } from './machine-check.ts';

const good: ComputerFacts = {
  node: '22.11.0',
  cores: 8,
  processor: 'a processor',
  memory: { total: 16e9, free: 12e9, limit: undefined },
};

function check(name: string, change: Partial<ComputerFacts>): MachineCheck | undefined {
  return checkComputer({ ...good, ...change }).find((one) => one.name === name);
}

const memory = (facts: Partial<ComputerFacts['memory']>) =>
  check('memory', { memory: { ...good.memory, ...facts } });

describe('checkComputer', () => {
  it('finds nothing wrong with a good computer', () => {
    expect(checkComputer(good).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  });

  it.each([
    ['20.0.0', 'ok'],
    ['24.3.1', 'ok'],
    ['18.20.4', 'missing'],
    ['9.11.2', 'missing'],
    ['23.0.0', 'warning'],
    ['26.1.0', 'warning'],
  ])('Node.js %s: %s', (node, status) => {
    const found = check('Node.js', { node });
    expect(found).toMatchObject({ status, found: node });
    if (status !== 'ok') {
      expect(found).toMatchObject({ expected: 'version 20, 22 or 24', remedy: 'install Node.js 24' });
    }
  });

  it('warns of a single core', () => {
    expect(check('processor', { cores: 1 })).toMatchObject({
      status: 'warning',
      found: '1 core (a processor)',
    });
  });

  it('takes little memory for a warning, and less than a training needs for missing', () => {
    expect(memory({ total: 4e9, free: 3e9 })).toMatchObject({ status: 'ok' });
    expect(memory({ total: 3.9e9, free: 3e9 })).toMatchObject({
      status: 'warning',
      found: '3.9 GB, 3 GB free',
      remedy: 'use a machine with more memory',
    });
    expect(memory({ total: 0.9e9, free: 0.5e9 })).toMatchObject({ status: 'missing' });
  });

  it('takes the limit of a container for the memory', () => {
    expect(memory({ total: 64e9, limit: 0.5e9, free: 0.4e9 })).toMatchObject({
      status: 'missing',
      found: '64 GB, limited to 0.5 GB, 0.4 GB free',
      remedy: 'raise the memory limit of the container or service',
    });
    expect(memory({ total: 64e9, limit: 32e9 })).toMatchObject({ status: 'ok' });
  });

  it('warns where others hold nearly all of the memory', () => {
    expect(memory({ free: 0.7e9 })).toMatchObject({ status: 'warning', expected: '1 GB free' });
  });
});

describe('readComputer', () => {
  it('knows this one, and no limit beyond its memory', () => {
    const { node, cores, memory } = readComputer();
    expect(node).toBe(process.versions.node);
    expect(cores).toBeGreaterThan(0);
    expect(memory.free).toBeGreaterThan(0);
    expect(memory.free).toBeLessThanOrEqual(memory.total);
    expect(memory.limit ?? 0).toBeLessThan(memory.total);
  });
});
