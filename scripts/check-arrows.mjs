// Fails on any dependency between packages that the house does not allow.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './pnpm.mjs';

const scope = '@risk-scoring/';
const stages = [
  'storage',
  'extraction',
  'labels',
  'features',
  'trainers',
  'onnx',
  'evaluation',
  'model-storage',
  'reports',
];

const furtherTrainers = [
  'trainer-isolation-forest',
  'trainer-xgboost',
  'trainer-neural-net',
  'trainer-ensemble',
];

/** What the source of each package may import of the others. */
const allowed = {
  contract: [],
  testkit: ['contract'],
  simulator: ['contract'],
  'test-servers': [],
  storage: ['contract'],
  extraction: ['contract', 'storage'],
  labels: ['contract'],
  features: ['contract', 'storage'],
  lightgbm: ['contract'],
  onnx: ['contract'],
  trainers: ['contract', 'lightgbm', 'onnx'],
  'trainer-isolation-forest': ['contract', 'onnx'],
  'trainer-xgboost': ['contract', 'onnx'],
  'trainer-neural-net': ['contract', 'onnx'],
  'trainer-ensemble': ['contract', 'onnx'],
  tuning: ['contract'],
  evaluation: ['contract'],
  'model-storage': ['contract', 'storage', 'onnx'],
  // A report tells of a stored model: it takes its types, and reads and writes nothing.
  reports: ['contract', 'model-storage'],
  pipeline: ['contract', ...stages, ...furtherTrainers, 'tuning'],
  cli: ['contract', 'pipeline', 'simulator'],
};

/** What tests, examples and benchmarks may import besides: test support, and the real part where a mock would stand. */
const allowedInTests = {
  storage: ['test-servers'],
  labels: ['testkit'],
  features: ['simulator', 'testkit', 'test-servers', 'extraction', 'labels'],
  onnx: ['lightgbm'],
  trainers: ['testkit', 'evaluation'],
  'trainer-isolation-forest': ['testkit', 'evaluation'],
  'trainer-xgboost': ['testkit', 'evaluation'],
  'trainer-neural-net': ['testkit', 'evaluation'],
  'trainer-ensemble': ['testkit', 'evaluation', 'trainers', 'trainer-isolation-forest'],
  evaluation: ['testkit'],
  'model-storage': ['test-servers'],
  pipeline: ['simulator', 'testkit', 'test-servers'],
  cli: ['test-servers'],
};

const problems = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(path.join(root, parent)).flatMap((name) => checkPackage(name, path.join(root, parent, name))),
);
for (const problem of problems) console.error(`arrow: ${problem}`);
if (problems.length > 0) process.exit(1);
console.log(`Checked the dependency arrows of ${Object.keys(allowed).length} packages.`);

function checkPackage(name, folder) {
  if (!existsSync(path.join(folder, 'package.json'))) return [];
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const may = allowed[name];
  if (may === undefined) return [`${name} is not in the table of scripts/check-arrows.mjs`];
  const mayInTests = [...may, ...(allowedInTests[name] ?? []), name];
  return [
    ...notAllowed(ours(manifest.dependencies), may).map((other) => `${name} must not depend on ${other}`),
    ...notAllowed(ours(manifest.devDependencies), mayInTests).map(
      (other) => `tests of ${name} must not use ${other}`,
    ),
    ...sourceFiles(folder).flatMap((file) => checkFile(file, { folder, may, mayInTests })),
  ];
}

function checkFile(file, { folder, may, mayInTests }) {
  const shown = path.relative(root, file);
  const relativeToPackage = path.relative(folder, file);
  const isProduct =
    relativeToPackage.startsWith('src') && !/\.test\.ts$|[\\/]testing[\\/]/.test(relativeToPackage);
  return importsOf(readFileSync(file, 'utf8')).flatMap((specifier) => {
    if (specifier.startsWith('.')) {
      const target = path.resolve(path.dirname(file), specifier);
      return target.startsWith(folder + path.sep)
        ? []
        : [`${shown} reaches out of its package: ${specifier}`];
    }
    if (!specifier.startsWith(scope)) return [];
    const [other, ...rest] = specifier.slice(scope.length).split('/');
    if (rest.length > 0 && rest.join('/') !== 'package.json') {
      return [`${shown} imports the insides of ${other}: ${specifier}`];
    }
    return (isProduct ? may : mayInTests).includes(other) ? [] : [`${shown} must not import ${other}`];
  });
}

function importsOf(text) {
  const patterns = [/(?:from|import)\s+'([^']+)'/g, /import\(\s*'([^']+)'\s*\)/g];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]));
}

function sourceFiles(folder) {
  return ['src', 'examples', 'bench'].flatMap((part) => {
    const start = path.join(folder, part);
    if (!existsSync(start)) return [];
    return readdirSync(start, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  });
}

function ours(dependencies = {}) {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length));
}

function notAllowed(found, may) {
  return found.filter((name) => !may.includes(name));
}
