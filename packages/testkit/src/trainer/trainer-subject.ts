import type { FeatureMatrix, ModelTrainer, TrainedModel, TrainRequest } from '@risk-scoring/contract';
import type { TrainingProblem } from './training-problem.ts';
import { requestOf } from './training-problem.ts';

/** Scores of the ONNX artifact, one per row of the matrix. */
export type ScoreOnnx = (bytes: Uint8Array, data: FeatureMatrix) => Promise<ArrayLike<number>>;

/** A trainer under test. */
export interface TrainerSubject {
  makeTrainer(): ModelTrainer | Promise<ModelTrainer>;
  /** A small problem, the same each time, in memory of its own. */
  makeProblem(): TrainingProblem;
  /** A larger one, whose training can be watched and stopped. */
  makeLongProblem(): TrainingProblem;
  /** Probabilities by the ONNX artifact. */
  readonly scoreOnnx: ScoreOnnx | undefined;
  /** The least area under the ROC curve on the held-out rows of the problem. */
  readonly minimumAuc: number;
}

/** Trains with a new trainer, hands the model over, and disposes of it whatever happens. */
export async function withModel<T>(
  subject: TrainerSubject,
  request: TrainRequest,
  use: (model: TrainedModel, trainer: ModelTrainer) => Promise<T>,
): Promise<T> {
  const trainer = await subject.makeTrainer();
  const model = await trainer.train(request);
  try {
    return await use(model, trainer);
  } finally {
    await model.dispose();
  }
}

/** Probabilities of all rows of `problem.data` by a model of `request`. */
export function predictionsAfter(
  subject: TrainerSubject,
  request: TrainRequest,
  data: FeatureMatrix = request.data,
): Promise<Float64Array> {
  return withModel(subject, request, (model) => model.predict(data));
}

/** Probabilities of all rows by a model of the plain request: what variations are compared with. */
export function plainPredictions(subject: TrainerSubject): Promise<Float64Array> {
  return predictionsAfter(subject, requestOf(subject.makeProblem()));
}
