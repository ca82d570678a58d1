import type { ReportContent } from '../content.ts';
import { type Html, html } from '../html/markup.ts';
import { facts, table } from '../html/table.ts';
import { count, counted } from '../wording/numbers.ts';
import { shownSettings } from './data.ts';

/** What it takes to build the model again, and to know its files. */
export function configurationSection({ metadata, modelFile }: ReportContent): Html {
  const { feature_plan: plan } = metadata;
  return html`${facts([
    [
      'Trainer',
      `${metadata.model_trainer}, ${counted(metadata.num_trees, 'tree')}, best iteration ${count(metadata.best_iteration)}`,
    ],
    ['Seed', `${metadata.seed}`],
    [
      'Features',
      `${counted(metadata.feature_names.length, 'feature')} of the groups ${plan.groups.join(', ')}`,
    ],
    ['Groups of its own', plan.definitions?.map(({ name }) => name).join(', ') || 'none'],
    ['Hash of the feature schema', code(metadata.feature_schema_hash)],
    ['Git commit', metadata.git_commit === undefined ? 'not known' : code(metadata.git_commit)],
    [
      'Refitted on all rows',
      metadata.refit
        ? `yes, ${count(metadata.refit.rows)} rows, ${count(metadata.refit.iterations)} iterations`
        : 'no',
    ],
  ])}${table({
    caption: 'Hyperparameters',
    showCaption: true,
    columns: [
      { title: 'name', kind: 'code' },
      { title: 'value', kind: 'hash' },
    ],
    rows: Object.entries(metadata.hyperparameters).map(([name, value]) => [
      name,
      shownSettings({ value }).slice('value: '.length),
    ]),
  })}${table({
    caption: 'Files',
    showCaption: true,
    columns: [
      { title: 'file', kind: 'hash' },
      { title: 'what' },
      { title: 'bytes', kind: 'number' },
      { title: 'sha256', kind: 'hash' },
    ],
    rows: [
      [modelFile.name, 'metadata', '', modelFile.sha256 ?? ''],
      ...Object.entries(metadata.files).map(([name, { role, bytes, sha256 }]) => [
        name,
        role,
        count(bytes),
        sha256,
      ]),
    ],
  })}${table({
    caption: 'Versions',
    showCaption: true,
    columns: [
      { title: 'package', kind: 'code' },
      { title: 'version', kind: 'code' },
    ],
    rows: Object.entries(metadata.package_versions),
  })}`;
}

function code(text: string): Html {
  return html`<code>${text}</code>`;
}
