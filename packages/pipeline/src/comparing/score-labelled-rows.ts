import type { FeatureMatrix } from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { FactsOfRow } from '../learned/facts-of-rows.ts';
import type { LearnedFrom } from '../learned/learned-from.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { openModelScorer, type SnapshotToScore } from '../scoring/score-parts.ts';
import { SnapshotChangedError } from './errors.ts';
import type { LabelledSnapshots } from './label-snapshots.ts';

/** The labelled rows of some snapshots with the scores of each model; arrays are aligned. */
export interface ScoredLabels {
  /** 1 suspicious, 0 normal. */
  readonly labels: Int8Array;
  /** What is resampled as a whole. */
  readonly splitGroups: Int32Array;
  /** By model: 0..1. */
  readonly scores: readonly Float64Array[];
  /** By model: 1 where it may have learned from an address of the row; all 0 where nobody can tell. */
  readonly learned: readonly Uint8Array[];
  /** What it takes to judge the order of rows within their snapshots; null but of rankers. */
  readonly ranked: RankedLabels | null;
  /** Labelled rows by snapshot. */
  readonly snapshots: readonly LabelledSnapshot[];
}

/** What rankings go by; arrays are aligned with the labelled rows. */
export interface RankedLabels {
  /** By model: raw scores, as served ones may round together. */
  readonly scores: readonly Float64Array[];
  /** The grade of each row, at least 1 where it is suspicious. */
  readonly relevance: Uint8Array;
  /** The snapshot of each row. */
  readonly queryIds: Int32Array;
}

/** What of a snapshot is judged on. */
export interface LabelledSnapshot {
  readonly processing_date: string;
  /** Alerts, or clusters. */
  readonly rows: number;
  readonly labelled: number;
  readonly positives: number;
}

/** What {@link scoreLabelledRows} works with. */
export interface LabelledRowsRequest {
  readonly models: readonly StoredModel[];
  /** By model. */
  readonly learned: readonly LearnedFrom[];
  readonly snapshots: readonly SnapshotToScore[];
  readonly labelled: LabelledSnapshots;
  readonly factsOf: FactsOfRow;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/**
 * Scores snapshots with each model and keeps the labelled rows. Memory holds these and one part of a snapshot.
 *
 * @throws {FeatureSchemaMismatchError} when this version computes other features than a model was trained on
 * @throws {SnapshotChangedError} when a snapshot was published anew meanwhile
 */
export async function scoreLabelledRows(
  database: Database,
  { models, learned, snapshots, labelled, factsOf, signal, onProgress }: LabelledRowsRequest,
): Promise<ScoredLabels> {
  const parts = layOut(snapshots, labelled);
  const size = parts.reduce((sum, { places }) => sum + places.size, 0);
  const rows: Rows = {
    labels: labelsOf(parts, size),
    splitGroups: new Int32Array(size).fill(-1),
    learned: learned.map(() => new Uint8Array(size)),
  };
  const ranks = models[0]?.metadata.model_type === 'alert_ranker';
  const scores: Float64Array[] = [];
  const raw: Float64Array[] = [];
  for (const model of models) {
    const ofModel = new Float64Array(size).fill(Number.NaN);
    const rawOfModel = new Float64Array(ranks ? size : 0);
    const scorer = await openModelScorer(model);
    try {
      for (const part of parts) {
        if (part.places.size === 0) continue;
        for await (const scored of scorer.parts(database, part.snapshot, { signal, onProgress })) {
          keepScores(scored.matrix, part, { from: scored.scores, to: ofModel });
          if (ranks) keepScores(scored.matrix, part, { from: scored.raw, to: rawOfModel });
          if (scores.length === 0) keepFacts(scored.matrix, part, { rows, learned, factsOf });
        }
        assertAllScored(part, ofModel, { rows, modelId: model.metadata.model_id });
      }
    } finally {
      await scorer.dispose();
    }
    scores.push(ofModel);
    raw.push(rawOfModel);
  }
  const ranked = ranks ? { scores: raw, ...rankingOf(parts, size) } : null;
  return { ...rows, scores, ranked, snapshots: parts.map(countLabelled) };
}

/** A snapshot and where its labelled rows stand among all. */
interface Part {
  readonly snapshot: SnapshotToScore;
  readonly start: number;
  /** The place of each labelled row, by id. */
  readonly places: ReadonlyMap<string, number>;
  readonly labels: Int8Array;
  /** By id. */
  readonly relevance: ReadonlyMap<string, number>;
}

/** What is known of the labelled rows besides scores. */
type Rows = Pick<ScoredLabels, 'labels' | 'splitGroups' | 'learned'>;

function layOut(snapshots: readonly SnapshotToScore[], labelled: LabelledSnapshots): Part[] {
  let start = 0;
  return snapshots.map((snapshot) => {
    const { labels, relevance } = labelled.byDate.get(snapshot.processingDate) ?? NOTHING;
    const ofSnapshot = [...labels];
    const first = start;
    start += ofSnapshot.length;
    return {
      snapshot,
      start: first,
      places: new Map(ofSnapshot.map(([id], at) => [id, first + at])),
      labels: Int8Array.from(ofSnapshot, ([, label]) => label),
      relevance,
    };
  });
}

const NOTHING = { labels: new Map<string, 0 | 1>(), relevance: new Map<string, number>() } as const;

function labelsOf(parts: readonly Part[], size: number): Int8Array {
  const labels = new Int8Array(size);
  for (const part of parts) labels.set(part.labels, part.start);
  return labels;
}

/** Grades and snapshots of the rows. */
function rankingOf(parts: readonly Part[], size: number): Pick<RankedLabels, 'relevance' | 'queryIds'> {
  const relevance = new Uint8Array(size);
  const queryIds = new Int32Array(size);
  for (const [query, part] of parts.entries()) {
    queryIds.fill(query, part.start, part.start + part.places.size);
    for (const [id, place] of part.places) relevance[place] = part.relevance.get(id) ?? 0;
  }
  return { relevance, queryIds };
}

function keepScores(
  matrix: FeatureMatrix,
  { places }: Part,
  { from, to }: { readonly from: Float64Array; readonly to: Float64Array },
): void {
  for (const [row, id] of matrix.keys.ids.entries()) {
    const place = places.get(id);
    if (place !== undefined) to[place] = from[row] ?? Number.NaN;
  }
}

/** Writes down which rows belong together and which a model may have learned from. */
function keepFacts(
  matrix: FeatureMatrix,
  { places }: Part,
  { rows, learned, factsOf }: Pick<LabelledRowsRequest, 'learned' | 'factsOf'> & { readonly rows: Rows },
): void {
  for (const [row, id] of matrix.keys.ids.entries()) {
    const place = places.get(id);
    if (place === undefined) continue;
    const { group, addresses } = factsOf(matrix, row);
    rows.splitGroups[place] = group;
    for (const [which, from] of learned.entries()) {
      const flags = rows.learned[which];
      if (flags && from.known && from.has(addresses)) flags[place] = 1;
    }
  }
}

function assertAllScored(
  { snapshot, start, places }: Part,
  scores: Float64Array,
  { rows, modelId }: { readonly rows: Rows; readonly modelId: string },
): void {
  let missing = 0;
  for (let place = start; place < start + places.size; place++)
    if (Number.isNaN(scores[place]) || (rows.splitGroups[place] ?? -1) < 0) missing += 1;
  if (missing > 0) throw new SnapshotChangedError({ date: snapshot.processingDate, modelId, missing });
}

function countLabelled({ snapshot, labels }: Part): LabelledSnapshot {
  return {
    processing_date: snapshot.processingDate,
    rows: snapshot.rows,
    labelled: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
  };
}
