import type { ModelType } from '@risk-scoring/contract';
import {
  type AliasMove,
  listAliases,
  loadModel,
  moveAlias,
  validateAliasName,
} from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { checkGate, GateNotPassedError, type GateReport } from './gate.ts';
import type { GateOptions } from './gate-conditions.ts';

/** Options of {@link promoteModel}. */
export interface PromoteOptions {
  /** A model id, an alias, a metadata file or `latest`. */
  readonly model: string;
  /** `champion` when absent. */
  readonly alias?: string | undefined;
  /** Of which type the latest model or the alias is. */
  readonly modelType?: ModelType | undefined;
  /** Of which window the latest model is. */
  readonly windowDays?: number | undefined;
  /** What the model must show first; nothing where it is left out. */
  readonly gate?: GateOptions | undefined;
  /** Kept with the move; what the gate saw when absent. */
  readonly reason?: string | undefined;
}

/** A model that has an alias now. */
export interface Promotion {
  readonly model_id: string;
  readonly alias: string;
  /** What the alias stood for before; null for nothing. */
  readonly from: string | null;
  /** False where the alias stood for the model already: then nothing was judged or written. */
  readonly moved: boolean;
  readonly move: AliasMove;
  /** What the gate saw; null where none was asked for. */
  readonly gate: GateReport | null;
}

/**
 * Makes an alias stand for a model, if the gate lets it. The gate compares with the model that has the alias now; should another process move the
 * alias meanwhile, nothing is moved here.
 *
 * @throws {GateNotPassedError} naming all that was not shown, with figures; nothing is moved
 * @throws {AliasMovedMeanwhileError} when the alias was moved while the gate judged
 * @throws {ModelNotFoundError | ModelFileError} when a model is not there or not as it was saved
 * @throws what {@link checkGate} throws
 * @example
 * await promoteModel(database, { model: 'latest', gate: { minImprovement: 0.005, startDate: '2020-01-01', endDate: '2020-03-01' } });
 */
export async function promoteModel(database: Database, options: PromoteOptions): Promise<Promotion> {
  const { alias = 'champion', modelType, windowDays, gate } = options;
  validateAliasName(alias);
  const named = await loadModel(database, {
    model: options.model,
    ...(modelType ? { modelType } : {}),
    ...(windowDays ? { windowDays } : {}),
  });
  // An alias stands for a registered model, so that one is judged, and no file beside it that claims its id.
  const challenger = await loadModel(database, { model: named.metadata.model_id });
  const { model_id: modelId, model_type: type } = challenger.metadata;
  const [state] = await listAliases(database, { modelType: type, alias });
  const from = state?.model_id ?? null;
  const move = (more: { readonly expected?: string | null; readonly reason: string }) =>
    moveAlias(database, { modelType: type, alias, modelId, ...more });
  const done = { model_id: modelId, alias, from };
  if (from === modelId) {
    return { ...done, moved: false, move: await move({ expected: from, reason: '' }), gate: null };
  }
  if (gate === undefined)
    return { ...done, moved: true, move: await move({ reason: options.reason ?? '' }), gate: null };
  const champion = from === null ? null : await loadModel(database, { model: from });
  const report = await checkGate(database, { challenger, champion }, gate);
  if (!report.passed) throw new GateNotPassedError(report, alias);
  const reason = options.reason ?? reasonOf(report);
  return { ...done, moved: true, move: await move({ expected: from, reason }), gate: report };
}

/** What the gate saw, for the alias's history. */
function reasonOf({ conditions, judged_on, rows }: GateReport): string {
  const asked = conditions.filter(({ condition }) => condition !== 'judgeable');
  const found = [...new Set(asked.map(({ found }) => found))];
  return `gate passed on ${rows?.rows ?? 0} rows of ${judged_on}: ${found.join('; ')}`;
}
