import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { parseSettingFlags } from './setting-flags.ts';

const parse = (...texts: string[]) => parseSettingFlags(texts, '--label-setting');

describe('parseSettingFlags', () => {
  it.each<[text: string, path: string[], value: unknown]>([
    ['policy=drop', ['policy'], 'drop'],
    ['a.b.c=0.5', ['a', 'b', 'c'], 0.5],
    ['on=true', ['on'], true],
    ['levels=[high, critical]', ['levels'], ['high', 'critical']],
    ['map={a: 1, b: [x]}', ['map'], { a: 1, b: ['x'] }],
    ['text="a: b=c"', ['text'], 'a: b=c'],
    ['query=a=b', ['query'], 'a=b'],
    ['nothing=', ['nothing'], null],
    ['lines=- a\n- b', ['lines'], ['a', 'b']],
  ])('reads %s', (text, path, value) => {
    expect(parse(text)).toEqual([{ path, value }]);
  });

  it.each([
    [['policy'], 'key=value'],
    [['__proto__=1'], 'key=value'],
    [['a.__proto__.b=1'], 'key=value'],
    [['=drop'], 'key=value'],
    [['a..b=1'], 'key=value'],
    [['a=[1'], 'a value in YAML'],
    [['a=1', 'b=1', 'a=2'], 'each setting once'],
    [['a.b=1', 'a=2'], 'each setting once'],
    [['a=1', 'a.b=2'], 'each setting once'],
  ])('refuses %s', (texts, expected) => {
    expect(() => parse(...texts)).toThrow(InvalidInputError);
    expect(() => parse(...texts)).toThrow(expected);
  });

  it('takes names that only begin alike', () => {
    expect(parse('a.b=1', 'a.c=2', 'ab=3')).toHaveLength(3);
  });
});
