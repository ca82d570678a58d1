import type { ModelMetadata } from '@risk-scoring/model-storage';

/** What the rows of a model, and the groups that a split keeps together, are called. */
export function wordsOf({ model_type: type }: Pick<ModelMetadata, 'model_type'>): {
  readonly subject: string;
  readonly groups: string;
} {
  return type === 'cluster_scorer'
    ? { subject: 'clusters', groups: 'groups of clusters' }
    : { subject: 'alerts', groups: 'addresses' };
}

/** What a model of the type is for. */
export function purposeOf({ model_type: type }: Pick<ModelMetadata, 'model_type'>): string {
  if (type === 'cluster_scorer') return 'scores clusters of alerts: how likely each is suspicious';
  if (type === 'alert_ranker') return 'orders the alerts of a snapshot: what to look at first';
  return 'scores alerts: how likely each is suspicious';
}

/** Where labels come from, by their kind. */
export function kindName(kind: string): string {
  return KIND_NAMES.get(kind) ?? kind;
}

const KIND_NAMES: ReadonlyMap<string, string> = new Map([
  ['true', 'true labels'],
  ['proxy', 'proxy labels'],
  ['heuristic', 'labels by rules'],
  ['pseudo', 'pseudo-labels'],
]);

/** Whether anything judged the model. */
export function isJudged({ metrics }: Pick<ModelMetadata, 'metrics'>): boolean {
  return metrics.test_auc !== null || (metrics.test_ranking ?? null) !== null;
}

/** Whose labels the figures are by, as a sentence. */
export function judgedBy(metadata: ModelMetadata): string {
  const { labels } = metadata;
  if (!isJudged(metadata))
    return 'Nobody labelled enough to judge the model by: there are no figures of how well it does.';
  if (!labels) return 'The model does not say by whose labels it was judged: an older version saved it.';
  const { judged_by: judge } = labels;
  if (!judge) return 'The model does not say by whose labels it was judged.';
  const { strategy, kind, own } = judge;
  if (kind === 'true') return `The figures are on true labels, those of '${strategy}'.`;
  return own
    ? `The figures are on ${kindName(kind)} of '${strategy}', which the model was taught to repeat.`
    : `The figures are on ${kindName(kind)}, those of '${strategy}', as was asked for.`;
}

/** The period that a model learned from: `2018-02-01 to 2019-12-01, window of 30 days`. */
export function periodOf({ training_period: { start_date, end_date, window_days } }: ModelMetadata): string {
  return `${start_date} to ${end_date}, window of ${window_days} days`;
}

/** How the threshold was asked for, as words. */
export function ruleOf(rule: Readonly<Record<string, unknown>>): string {
  const { by, ...rest } = rule;
  const name = typeof by === 'string' ? (RULES.get(by) ?? by) : 'an unknown rule';
  const values = Object.values(rest).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return values.length > 0 ? `${name} ${values.join(', ')}` : name;
}

const RULES: ReadonlyMap<string, string> = new Map([
  ['f1', 'the highest F1'],
  ['precision', 'the most found at a precision of at least'],
  ['recall', 'the fewest flagged at a recall of at least'],
  ['budget', 'alerts of a snapshot that can be looked at:'],
]);
