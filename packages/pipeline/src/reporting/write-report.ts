import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { derivedFiles, type StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { driftOfSnapshot, type SnapshotDrift } from '../monitoring/index.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { snapshotsToScore } from '../scoring/snapshots-to-score.ts';
import { writeFiles } from './write-files.ts';

/** Which model, and where its report goes. */
export interface ReportOptions {
  readonly model: StoredModel;
  /** An `.html` file; beside the model by default, as `{stem}.report.html`. The card stands beside it, as `….card.md`. */
  readonly out?: string | undefined;
  /** Whether the latest snapshot is scored and compared with the training period; true by default. */
  readonly drift?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** What was written. */
export interface WrittenReport {
  /** Absolute paths. */
  readonly report: string;
  readonly card: string;
  /** The snapshot that drift was measured on, `YYYY-MM-DD`; null where none was. */
  readonly drift_of: string | null;
  /** Why there is no drift; null where there is. */
  readonly without_drift: string | null;
}

/**
 * Writes the report of a model, an HTML page that needs nothing else, and its card, in Markdown. Files that were there are replaced, each in
 * one step.
 *
 * Drift is that of the latest snapshot of the model's window. Where it cannot be measured, the page says why, and the rest of it is written.
 *
 * @param database where the snapshots are; none to leave out drift
 * @throws {InvalidInputError} where `out` names no `.html` file
 * @throws {ReportNotWrittenError} where the files cannot be written
 * @throws {CancelledError} when the signal aborts; nothing is written
 * @example
 * const { report } = await writeReport(database, { model: await loadModel(database, { model: 'champion' }) });
 */
export async function writeReport(
  database: Database | undefined,
  options: ReportOptions,
): Promise<WrittenReport> {
  const { model } = options;
  const files = placesOf(options);
  const { drift, reason } = await measureDrift(database, options);
  const content = {
    metadata: model.metadata,
    evaluation: model.evaluation,
    drift,
    ...(reason === null ? {} : { withoutDrift: reason }),
    modelFile: { name: path.basename(model.metadataPath), sha256: await hashOf(model.metadataPath) },
  };
  // What draws comes when it is needed: other commands do not wait for it.
  const { renderModelCard, renderReport } = await import('@risk-scoring/reports');
  const page = await renderReport(content);
  await writeFiles([
    { file: files.report, text: page },
    { file: files.card, text: renderModelCard(content) },
  ]);
  return { ...files, drift_of: drift?.processing_date ?? null, without_drift: reason };
}

function placesOf({ model, out }: ReportOptions): { readonly report: string; readonly card: string } {
  if (out === undefined) return derivedFiles(path.resolve(model.metadataPath));
  const report = path.resolve(out);
  const ending = /\.html?$/i;
  if (!ending.test(path.basename(report))) {
    throw new InvalidInputError({
      what: 'The file of the report',
      expected: 'a name that ends in .html',
      found: out,
      remedy: 'write --out report.html',
    });
  }
  return { report, card: report.replace(ending, '.card.md') };
}

async function measureDrift(
  database: Database | undefined,
  { model, drift = true, signal, onProgress }: ReportOptions,
): Promise<{ readonly drift: SnapshotDrift | null; readonly reason: string | null }> {
  if (!drift || database === undefined) return { drift: null, reason: 'it was left out' };
  if (model.evaluation === null) {
    return { drift: null, reason: 'the model was saved without what later snapshots are compared with' };
  }
  const { model_type: modelType, training_period: period } = model.metadata;
  const latest = (await snapshotsToScore(database, modelType, { windowDays: period.window_days })).at(-1);
  if (latest === undefined) {
    return {
      drift: null,
      reason: `there is no snapshot with window_days = ${period.window_days}`,
    };
  }
  const { processingDate } = latest;
  try {
    return {
      drift: await driftOfSnapshot(database, { model, processingDate, signal, onProgress }),
      reason: null,
    };
  } catch (error) {
    if (!RiskScoringError.isInstance(error) || error.category === 'cancelled') throw error;
    return {
      drift: null,
      reason: `of ${processingDate} it could not be measured (${error.code}: ${error.summary})`,
    };
  }
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
