import { describe, expect, it } from 'vitest';
import { checkLightGBM, checkXGBoost, correctLibraryPath, explainBuild } from './native-libraries.ts';

const missing = checkLightGBM({
  ok: false,
  failure: { code: 'LIGHTGBM_LIBRARY_NOT_FOUND', summary: 'It is not there.', found: 'nothing at /x' },
});

describe('LightGBM that is missing', () => {
  it('is built with one command where the tools are there', () => {
    const tools = { found: ['cmake', 'make'], missing: [], install: '', build: 'npm run setup' };
    expect(explainBuild(missing, { ok: true, value: tools })).toMatchObject([
      {
        name: 'LightGBM',
        status: 'missing',
        found: 'It is not there: nothing at /x',
        remedy: 'npm run setup',
      },
      { name: 'build tools', status: 'ok', found: 'cmake, make' },
    ]);
  });

  it('needs its tools first, with the command that installs them', () => {
    const install = 'sudo apt-get install -y cmake g++ make';
    const tools = { found: ['make'], missing: ['cmake', 'a C++ compiler'], install, build: 'npm run setup' };
    expect(explainBuild(missing, { ok: true, value: tools })).toMatchObject([
      { name: 'LightGBM', remedy: 'npm run setup' },
      {
        name: 'build tools',
        status: 'missing',
        found: 'not on the PATH: cmake, a C++ compiler',
        remedy: install,
      },
    ]);
  });

  it('is not built where its path is given, for the path is what is wrong', () => {
    expect(correctLibraryPath(missing)).toMatchObject({
      remedy: expect.stringContaining('unset LIGHTGBM_LIBRARY'),
    });
  });
});

describe('XGBoost that is missing', () => {
  it('is a warning, as only its own trainer needs it', () => {
    const failure = { summary: 'It is not there.', remedy: 'apt-get install libxgboost0' };
    expect(checkXGBoost({ ok: false, failure })).toMatchObject({
      name: 'XGBoost',
      status: 'warning',
      remedy: 'apt-get install libxgboost0',
    });
  });
});
