import type { BuildTools } from '@risk-scoring/trainers';
import { failedCheck } from './failed-check.ts';
import type { MachineCheck } from './machine-check.ts';
import type { ProbeOutcome } from './probes.ts';

/** What helps where a package is there but its native part is not. */
const REINSTALL = 'install the packages anew (in a checkout: npm run setup)';

/** koffi, which calls native libraries. */
export function checkKoffi(outcome: ProbeOutcome<'koffi'>): MachineCheck {
  const name = 'koffi';
  if (outcome.ok) return { name, status: 'ok', found: outcome.value.version };
  return failedCheck(name, outcome.failure, { expected: 'a native module that loads', remedy: REINSTALL });
}

/** onnxruntime, which scores. */
export function checkOnnxRuntime(outcome: ProbeOutcome<'onnxruntime'>): MachineCheck {
  const name = 'onnxruntime';
  if (outcome.ok) return { name, status: 'ok', found: `${outcome.value.version}, scored a tree` };
  return failedCheck(name, outcome.failure, {
    expected: 'a native module that loads and scores',
    remedy: REINSTALL,
  });
}

/** LightGBM, which trains. */
export function checkLightGBM(outcome: ProbeOutcome<'lightgbm'>): MachineCheck {
  const name = 'LightGBM';
  if (!outcome.ok) {
    return failedCheck(name, outcome.failure, {
      expected: 'a native library that loads and trains',
      remedy: REINSTALL,
    });
  }
  const { version, path } = outcome.value;
  return { name, status: 'ok', found: `${version}, trained a tree, ${path}` };
}

/** XGBoost, which only its own trainer needs. */
export function checkXGBoost(outcome: ProbeOutcome<'xgboost'>): MachineCheck {
  const name = 'XGBoost';
  if (outcome.ok) return { name, status: 'ok', found: `${outcome.value.version}, ${outcome.value.path}` };
  return failedCheck(name, outcome.failure, {
    status: 'warning',
    expected: 'a native library that loads, for --trainer xgboost alone',
  });
}

/** Where LightGBM is named in the environment but not to be had there. */
export function correctLibraryPath(check: MachineCheck): MachineCheck {
  const remedy =
    'unset LIGHTGBM_LIBRARY, or set it to the path of a lib_lightgbm that is built for this machine';
  return { ...check, remedy };
}

/** Where LightGBM is not to be had: what it takes to build it. */
export function explainBuild(check: MachineCheck, tools: ProbeOutcome<'build tools'>): MachineCheck[] {
  if (tools.ok) return [{ ...check, remedy: tools.value.build }, checkBuildTools(tools.value)];
  return [check, failedCheck('build tools', tools.failure, { expected: 'cmake, make and a C++ compiler' })];
}

function checkBuildTools({ found, missing, install }: BuildTools): MachineCheck {
  const name = 'build tools';
  if (missing.length === 0) return { name, status: 'ok', found: found.join(', ') };
  return {
    name,
    status: 'missing',
    found: `not on the PATH: ${missing.join(', ')}`,
    expected: [...found, ...missing].join(', '),
    remedy: install,
  };
}
