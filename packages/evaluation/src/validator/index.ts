export { addressConsistency } from './address-consistency.ts';
export { type Behaviour, type BehaviourRequest, judgeBehaviour } from './behaviour.ts';
export { type CorrectedFigures, correctedFigures, PRECISION_RANKS } from './corrected-figures.ts';
export { type Evolution, type EvolutionCounts, judgeEvolution, type UndecidedAs } from './evolution.ts';
export {
  type AddressEvolution,
  classifyEvolution,
  EVOLUTION_CLASSES,
  type EvolutionClass,
} from './evolution-class.ts';
export {
  type CoveredPart,
  EVOLUTION_DAYS,
  type FinalScore,
  type FinalScoreRequest,
  FLAT_DAYS,
  FLAT_SCORE,
  finalScore,
} from './final-score.ts';
export { type GroundTruth, judgeGroundTruth } from './ground-truth.ts';
export {
  type CheckedSubmission,
  checkIntegrity,
  type Integrity,
  type IntegrityCheck,
  type SubmittedRows,
} from './integrity.ts';
export { medianScores, rankAgreement } from './rank-agreement.ts';
export { scoreEntropy } from './score-entropy.ts';
export { STABILITY_WITHOUT_PREVIOUS, scoreStability } from './score-stability.ts';
export { spearman } from './spearman.ts';
