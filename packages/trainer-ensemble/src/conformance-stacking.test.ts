import { createAddressSplitter } from '@risk-scoring/evaluation';
import { describeModelTrainer } from '@risk-scoring/testkit';
import { createEnsembleTrainer } from './ensemble-trainer.ts';
import { scoreByOnnx, smallLightGBM } from './testing/problem.ts';

const two = () => [
  { trainer: smallLightGBM() },
  { trainer: smallLightGBM({ num_leaves: 15 }), name: 'larger' },
];
const splitter = createAddressSplitter();

describeModelTrainer(
  'a stack of two LightGBM trainers',
  () => createEnsembleTrainer({ members: two(), method: 'stacking', splitter, folds: 2 }),
  { scoreOnnx: scoreByOnnx, longRows: 5000 },
);
