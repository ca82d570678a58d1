import type { DescribedFigure, FigureName, ModelComparison, ModelDescription } from '@risk-scoring/pipeline';
import { between } from './compared-rows.ts';
import { figure, table } from './table.ts';

/** What two models' metadata says of how they did on their own holdouts; figures that neither has are left out. */
export function showTrainingFigures({ first, second, model_type: type }: ModelComparison): string[] {
  const rows = [...figureNames.map(metricNamed), ...rankingFigures(first, second, type === 'alert_ranker')];
  const shown = rows
    .map(([title, of]) => [title, of(first), of(second)] as const)
    .filter(([, one, other]) => one !== null || other !== null);
  if (shown.length === 0) return ['Nothing judged them.'];
  return [
    table([
      ['', 'first', 'second'],
      ...shown.map(([title, one, other]) => [title, showFigure(one), showFigure(other)]),
    ]),
  ];
}

type FigureRow = readonly [title: string, of: (model: ModelDescription) => DescribedFigure | null];

const figureNames: readonly (readonly [name: FigureName, title: string])[] = [
  ['test_auc', 'AUC'],
  ['test_pr_auc', 'PR-AUC'],
  ['test_precision', 'precision'],
  ['test_recall', 'recall'],
  ['test_f1', 'F1'],
  ['test_brier', 'Brier'],
  ['test_log_loss', 'log loss'],
  ['test_ece', 'ECE'],
  ['cv_auc_mean', 'CV AUC'],
];

function metricNamed([name, title]: (typeof figureNames)[number]): FigureRow {
  return [title, ({ metrics }) => metrics[name]];
}

/** How rows are ordered within snapshots: in full of rankers, and the top of the list of others. */
function rankingFigures(first: ModelDescription, second: ModelDescription, inFull: boolean): FigureRow[] {
  const ks = [
    ...new Set([first, second].flatMap(({ ranking }) => Object.keys(ranking?.ndcg ?? {}).map(Number))),
  ].sort((a, b) => a - b);
  const shown = inFull ? ks : ks.slice(0, 1);
  return [
    ...shown.map((k): FigureRow => [`NDCG@${k}`, ({ ranking }) => ranking?.ndcg[k] ?? null]),
    ...(inFull ? [['MAP', ({ ranking }) => ranking?.map ?? null] satisfies FigureRow] : []),
    ...shown.map((k): FigureRow => [`precision@${k}`, ({ ranking }) => ranking?.precision_at_k[k] ?? null]),
    ['CV NDCG@10', ({ ranking }) => ranking?.cv_ndcg_at_10 ?? null],
  ];
}

function showFigure(described: DescribedFigure | null): string {
  if (described === null) return '–';
  const { value, interval } = described;
  return interval ? `${figure(value)} (${between(interval)})` : figure(value);
}
