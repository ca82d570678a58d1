import {
  describeLabelStrategy,
  describeModelTrainer,
  describeSplitter,
  makeSplitRequest,
  makeTrainingData,
} from './index.ts';
import { createDistanceTrainer } from './testing/distance-trainer.ts';
import { createGroupSplitter } from './testing/group-splitter.ts';
import { createLogisticTrainer, scoreLogisticTwin } from './testing/logistic-trainer.ts';
import { createSeverityStrategy } from './testing/severity-strategy.ts';

// The suites as an implementer calls them.

describeLabelStrategy('a label strategy', createSeverityStrategy);

describeLabelStrategy('a label strategy with data of its own', createSeverityStrategy, {
  data: (storage) =>
    makeTrainingData({
      ...storage,
      alerts: ['low', 'critical', 'high', 'low'].map((severity) => ({ severity })),
    }),
});

describeLabelStrategy(
  'a label strategy with a known failure',
  () => ({ ...createSeverityStrategy(), name: '' }),
  {
    knownFailures: { 'has a name, settings as plain JSON and the tables it reads': 'nobody named it yet' },
  },
);

describeSplitter('a splitter', createGroupSplitter);

describeSplitter('a splitter that guarantees less', createGroupSplitter, {
  keepsGroupsTogether: false,
  leavesOutRows: true,
  fractionTolerance: 0.1,
  request: () => makeSplitRequest(7, { rows: 900 }),
});

describeModelTrainer('a model trainer', () => createLogisticTrainer(), {
  scoreOnnx: scoreLogisticTwin,
  longRows: 3000,
});

describeModelTrainer('a model trainer that learns without labels', () => createDistanceTrainer(), {
  longRows: 3000,
});
