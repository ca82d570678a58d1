import { type ModelType, RiskScoringError } from '@risk-scoring/contract';
import {
  type AliasMove,
  listAliases,
  loadModel,
  moveAlias,
  type StoredModel,
  validateAliasName,
} from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { AliasModelUnusableError } from './errors.ts';
import { checkGate, GateNotPassedError, type GateReport } from './gate.ts';
import { asksForImprovement, type GateOptions } from './gate-conditions.ts';
import { assertAsked, loadSelected } from './load-selected.ts';

/** Options of {@link promoteModel}. */
export interface PromoteOptions {
  /** A model id, an alias, a metadata file or `latest`. */
  readonly model: string;
  /** `champion` when absent. */
  readonly alias?: string | undefined;
  /** Of which type the model is. */
  readonly modelType?: ModelType | undefined;
  /** Of which window it is. */
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
 * Where the model that has the alias is gone or was changed, no improvement on it can be shown, so none that was asked for is: whoever removes it does not
 * open the gate. What a model can show by itself may still be asked for, and the report says so.
 *
 * @throws {GateNotPassedError} naming all that was not shown, with figures; nothing is moved
 * @throws {AliasMovedMeanwhileError} when the alias was moved while the gate judged
 * @throws {ModelNotFoundError | ModelFileError} when the model is not there or not as it was saved
 * @throws {ModelDoesNotFitError} when it is not of the type or the window that was asked for
 * @throws {AliasModelUnusableError} when an improvement is asked for on a model that is not there or not as it was saved
 * @throws what {@link checkGate} throws
 * @example
 * await promoteModel(database, { model: 'latest', gate: { minImprovement: 0.005, startDate: '2020-01-01', endDate: '2020-03-01' } });
 */
export async function promoteModel(database: Database, options: PromoteOptions): Promise<Promotion> {
  const { alias = 'champion', gate } = options;
  validateAliasName(alias);
  const named = await loadSelected(database, options);
  // An alias stands for a registered model, so that one is judged, and no file beside it that claims its id.
  const challenger = await loadModel(database, { model: named.metadata.model_id });
  assertAsked(challenger.metadata, database.network, options);
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
  const office = await modelInOffice(database, { from, alias, challenger, gate });
  const seen = await checkGate(database, { challenger, champion: office.champion }, gate);
  const report = { ...seen, remarks: [...seen.remarks, ...office.remarks] };
  if (!report.passed) throw new GateNotPassedError(report, { alias, network: database.network });
  const reason = options.reason ?? reasonOf(report, office.remarks);
  return { ...done, moved: true, move: await move({ expected: from, reason }), gate: report };
}

/** What is said of a model that was deleted, or whose files were removed or changed. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'MODEL_NOT_FOUND',
  'MODEL_FILE_MISSING',
  'MODEL_FILE_CHANGED',
  'MODEL_METADATA_INVALID',
]);

/**
 * The model that has the alias; null where none has, or it cannot be read and need not be, which is then remarked.
 *
 * @throws {AliasModelUnusableError} where it cannot be read and an improvement on it is asked for
 */
async function modelInOffice(
  database: Database,
  {
    from,
    alias,
    challenger: { metadata },
    gate,
  }: {
    readonly from: string | null;
    readonly alias: string;
    readonly challenger: StoredModel;
    readonly gate: GateOptions;
  },
): Promise<{ readonly champion: StoredModel | null; readonly remarks: readonly string[] }> {
  if (from === null) return { champion: null, remarks: [] };
  try {
    return { champion: await loadModel(database, { model: from }), remarks: [] };
  } catch (cause) {
    if (!RiskScoringError.isInstance(cause) || !UNREADABLE.has(cause.code)) throw cause;
    if (asksForImprovement(gate)) {
      throw new AliasModelUnusableError({
        alias,
        modelType: metadata.model_type,
        modelId: from,
        challenger: metadata.model_id,
        network: database.network,
        dates: datesAsked(gate),
        cause,
      });
    }
    return {
      champion: null,
      remarks: [`${alias} stood for ${from}, which cannot be read: nothing was compared with it`],
    };
  }
}

/** The dates that a gate was told to judge on, as the command takes them. */
function datesAsked({ startDate, endDate }: GateOptions): string {
  const [first, last] = [startDate ?? endDate, endDate ?? startDate];
  if (first === undefined) return '';
  return first === last ? ` --date ${first}` : ` --start-date ${first} --end-date ${last}`;
}

/** What the gate saw, for the alias's history. */
function reasonOf({ conditions, judged_on, rows }: GateReport, remarks: readonly string[]): string {
  const asked = conditions.filter(({ condition }) => condition !== 'judgeable');
  const found = [...new Set(asked.map(({ found }) => found))];
  return `gate passed on ${rows?.rows ?? 0} rows of ${judged_on}: ${[...found, ...remarks].join('; ')}`;
}
