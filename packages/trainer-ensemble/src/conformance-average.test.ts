import { describeModelTrainer } from '@risk-scoring/testkit';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { createEnsembleTrainer } from './ensemble-trainer.ts';
import { scoreByOnnx, smallLightGBM } from './testing/problem.ts';

const options = { scoreOnnx: scoreByOnnx, longRows: 5000 };
const two = () => [
  { trainer: smallLightGBM() },
  { trainer: smallLightGBM({ num_leaves: 15 }), name: 'larger' },
];

describeModelTrainer(
  'an average of two LightGBM trainers',
  () => createEnsembleTrainer({ members: two(), method: 'average' }),
  options,
);

describeModelTrainer(
  'LightGBM averaged with an isolation forest',
  () =>
    createEnsembleTrainer({
      members: [
        { trainer: smallLightGBM(), weight: 3 },
        { trainer: createIsolationForestTrainer({ trees: 20 }) },
      ],
      method: 'average',
    }),
  options,
);
