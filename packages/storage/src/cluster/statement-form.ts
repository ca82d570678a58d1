import { ClusterStatementError } from './cluster-statement-error.ts';
import { closing, isKeyword, splitWords, startsWith, type Word } from './words.ts';

/** A DDL statement of a migration, taken apart as far as a cluster needs it. */
export type StatementForm =
  | {
      readonly form: 'create table';
      readonly name: string;
      /** `( … )`, with columns and constraints. */
      readonly columns: string;
      readonly engine: 'MergeTree' | 'ReplacingMergeTree';
      /** What stands between the engine's parentheses, often nothing. */
      readonly engineArguments: string;
      /** PARTITION BY, ORDER BY, SETTINGS … */
      readonly clauses: string;
    }
  | {
      readonly form: 'create view';
      readonly name: string;
      readonly replace: boolean;
      readonly select: string;
    }
  | { readonly form: 'drop view'; readonly name: string }
  | { readonly form: 'add columns'; readonly name: string; readonly actions: string }
  | { readonly form: 'set deduplication window'; readonly name: string };

/** A statement and its words. */
interface Source {
  readonly statement: string;
  readonly words: readonly Word[];
}

const addColumn = 'ADD COLUMN IF NOT EXISTS';
const tableClauses = ['PARTITION', 'ORDER', 'PRIMARY', 'SAMPLE', 'TTL', 'SETTINGS', 'COMMENT'];

/**
 * Recognises a statement. All forms may be repeated without harm, because a cluster may have run a statement on some
 * of its nodes when the one that asked for it is killed.
 *
 * @throws {ClusterStatementError} for every other statement
 * @example
 * readStatement('DROP VIEW IF EXISTS published_batches'); // { form: 'drop view', name: 'published_batches' }
 */
export function readStatement(statement: string): StatementForm {
  const source: Source = { statement, words: splitWords(statement) };
  const { words } = source;
  if (startsWith(words, 0, 'CREATE TABLE IF NOT EXISTS')) return readCreateTable(source);
  if (startsWith(words, 0, 'CREATE VIEW IF NOT EXISTS')) return readCreateView(source, 5, false);
  if (startsWith(words, 0, 'CREATE OR REPLACE VIEW')) return readCreateView(source, 4, true);
  if (startsWith(words, 0, 'DROP VIEW IF EXISTS')) {
    if (words.length > 5) throw refuse(source, 'something follows the name of the view');
    return { form: 'drop view', name: nameAt(source, 4) };
  }
  if (startsWith(words, 0, 'ALTER TABLE')) return readAlter(source);
  throw refuse(source, 'it is of no known form');
}

function readCreateTable(source: Source): StatementForm {
  const { statement, words } = source;
  const name = nameAt(source, 5);
  const columns = parenthesised(source, 6);
  if (!startsWith(words, columns.next, 'ENGINE =')) throw refuse(source, 'no engine follows its columns');
  const engine = words[columns.next + 2];
  if (engine?.value !== 'MergeTree' && engine?.value !== 'ReplacingMergeTree') {
    throw refuse(source, `its engine is ${engine?.value ?? 'missing'}`);
  }
  const hasArguments = isKeyword(words[columns.next + 3], '(');
  const inside = hasArguments ? parenthesised(source, columns.next + 3) : undefined;
  const first = inside?.next ?? columns.next + 3;
  for (const word of words.slice(first)) {
    if (isKeyword(word, 'AS') || isKeyword(word, 'SELECT')) throw refuse(source, 'it is filled by a query');
  }
  const clause = words[first];
  if (clause === undefined || !tableClauses.includes(clause.value.toUpperCase())) {
    throw refuse(source, 'no ORDER BY or other known clause follows its engine');
  }
  return {
    form: 'create table',
    name,
    columns: columns.text,
    engine: engine.value,
    engineArguments: inside?.text.slice(1, -1).trim() ?? '',
    clauses: statement.slice(clause.start).trim(),
  };
}

function readCreateView(source: Source, nameIndex: number, replace: boolean): StatementForm {
  const { statement, words } = source;
  const name = nameAt(source, nameIndex);
  const select = words[nameIndex + 2];
  if (!isKeyword(words[nameIndex + 1], 'AS') || !(isKeyword(select, 'SELECT') || isKeyword(select, 'WITH'))) {
    throw refuse(source, 'no AS SELECT follows the name of the view');
  }
  return { form: 'create view', name, replace, select: statement.slice(select?.start).trim() };
}

function readAlter(source: Source): StatementForm {
  const { statement, words } = source;
  const name = nameAt(source, 2);
  if (startsWith(words, 3, 'MODIFY SETTING')) {
    const [setting, sign, value, ...others] = words.slice(5);
    const known = setting?.value === 'non_replicated_deduplication_window';
    if (!known || !isKeyword(sign, '=') || value?.kind !== 'number' || others.length > 0) {
      throw refuse(source, 'it sets something else than non_replicated_deduplication_window');
    }
    return { form: 'set deduplication window', name };
  }
  for (const action of actionStarts(words)) {
    if (!startsWith(words, action, addColumn)) throw refuse(source, `an action of it is not ${addColumn}`);
  }
  return { form: 'add columns', name, actions: statement.slice(words[3]?.start).trim() };
}

/** Where the actions of an ALTER begin: after the name, and after each comma outside parentheses. */
function actionStarts(words: readonly Word[]): number[] {
  const starts = [3];
  let depth = 0;
  words.forEach((word, at) => {
    if (isKeyword(word, '(')) depth += 1;
    if (isKeyword(word, ')')) depth -= 1;
    if (isKeyword(word, ',') && depth === 0) starts.push(at + 1);
  });
  return starts;
}

/** A plain table name: neither quoted nor of another database. */
function nameAt(source: Source, at: number): string {
  const word = source.words[at];
  if (word?.kind !== 'word' || isKeyword(source.words[at + 1], '.')) {
    throw refuse(source, 'a plain table name is missing');
  }
  return word.value;
}

function parenthesised(source: Source, open: number): { readonly text: string; readonly next: number } {
  const close = isKeyword(source.words[open], '(') ? closing(source.words, open) : undefined;
  const [first, last] = [source.words[open], close === undefined ? undefined : source.words[close]];
  if (close === undefined || first === undefined || last === undefined) {
    throw refuse(source, 'no closed parenthesis follows where one is due');
  }
  return { text: source.statement.slice(first.start, last.end), next: close + 1 };
}

function refuse(source: Source, reason: string): ClusterStatementError {
  return new ClusterStatementError({ statement: source.statement, reason });
}
