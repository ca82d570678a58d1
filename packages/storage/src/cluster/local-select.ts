import { ClusterStatementError } from './cluster-statement-error.ts';
import { localTable, type Placement, placementOf } from './placement.ts';
import { isKeyword, splitWords, startsWith, type Word } from './words.ts';

// What makes one row out of rows that may stand on several shards: each shard would answer for itself.
const acrossRows = ['GROUP', 'DISTINCT', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'OVER', 'INTERSECT', 'EXCEPT'];
const aggregate =
  /^(count|sum|min|max|avg|any|uniq|quantile|median|group|arg|top|stddev|var|corr|covar|first_|last_)/i;

/** A mention of a placed table in a SELECT. */
interface Mention {
  readonly at: number;
  readonly name: string;
  readonly place: Placement;
}

/**
 * The SELECT of a view as one node runs it over its own rows: sharded tables become their local ones.
 * Together the answers of all shards must be the answer of one node, so each row of the view has to come from one
 * row of a sharded table: grouping, sorting, joining and asking a sharded table in a subquery are refused.
 *
 * @param view where the view itself stands
 * @throws {ClusterStatementError} for a SELECT whose parts would not add up, or that reads a table nobody placed
 * @example
 * localSelect("SELECT * FROM raw_alerts WHERE batch_id = ''", view); // "SELECT * FROM raw_alerts_local WHERE batch_id = ''"
 */
export function localSelect(select: string, view: Placement): string {
  const words = splitWords(select);
  const mentions = findMentions(select, words);
  const sharded = mentions.filter(({ place }) => place.kind === 'sharded');
  if (view.kind === 'everywhere') {
    const [first] = sharded;
    if (first)
      throw refuse(select, `a view that stands everywhere cannot read ${first.name}, which is sharded`);
    return select;
  }
  if (sharded.length === 0) throw refuse(select, 'a sharded view reads no sharded table');
  for (const { name, place } of sharded) {
    if (place.kind === 'sharded' && place.key !== view.key) {
      throw refuse(select, `${name} is sharded by ${place.key}, its view by ${view.key}`);
    }
  }
  checkRowByRow(select, words, new Set(sharded.map(({ at }) => at)));
  return renamed(select, words, sharded);
}

function findMentions(select: string, words: readonly Word[]): Mention[] {
  return words.flatMap((word, at) => {
    const isSource = isKeyword(words[at - 1], 'FROM') || isTableJoin(words, at - 1);
    const name = word.kind === 'quoted' ? word.value.slice(1, -1) : word.value;
    const place = word.kind === 'word' || word.kind === 'quoted' ? placementOf(name) : undefined;
    if (place === undefined) {
      if (isSource && !isKeyword(word, '('))
        throw refuse(select, `nobody placed ${word.value}, which it reads`);
      return [];
    }
    if (
      word.kind === 'quoted' ||
      !isSource ||
      isKeyword(words[at + 1], '(') ||
      isKeyword(words[at + 1], '.')
    ) {
      // As a column, an alias or a qualified name it would be renamed wrongly, or not at all.
      throw refuse(select, `${name} is mentioned elsewhere than as a plain name after FROM or JOIN`);
    }
    return [{ at, name, place }];
  });
}

/** Checks each pair of parentheses (and the whole) that has a sharded table within. */
function checkRowByRow(select: string, words: readonly Word[], sharded: ReadonlySet<number>): void {
  const scopes: { tables: number; unions: number; across: string | undefined; inList: boolean }[] = [];
  const open = (inList: boolean) => scopes.push({ tables: 0, unions: 0, across: undefined, inList });
  const close = () => {
    const scope = scopes.pop();
    if (scope === undefined || scope.tables === 0) return;
    if (scope.across) throw refuse(select, `${scope.across} takes rows of several shards together`);
    if (scope.inList) throw refuse(select, 'its IN asks a sharded table, of which a shard has a part');
    if (scope.tables > scope.unions + 1) throw refuse(select, 'it reads two sharded tables in one SELECT');
    const outer = scopes.at(-1);
    if (outer) outer.tables += 1;
  };

  open(false);
  words.forEach((word, at) => {
    const scope = scopes.at(-1);
    if (scope === undefined) throw refuse(select, 'a parenthesis closes that was not opened');
    if (sharded.has(at)) scope.tables += 1;
    if (startsWith(words, at, 'UNION ALL')) scope.unions += 1;
    if (isAcrossRows(words, at)) scope.across ??= word.value;
    if (isKeyword(word, '(')) open(isKeyword(words[at - 1], 'IN'));
    if (isKeyword(word, ')')) close();
  });
  if (scopes.length !== 1) throw refuse(select, 'its parentheses do not match');
  close();
}

function isAcrossRows(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word?.kind !== 'word') return false;
  const next = words[at + 1];
  if (isKeyword(next, '(') && aggregate.test(word.value)) return true;
  // `* EXCEPT (…)` leaves out columns; between two SELECTs EXCEPT compares rows.
  if (isKeyword(word, 'EXCEPT') && !isKeyword(next, 'SELECT') && isKeyword(words[at - 1], '*')) return false;
  return acrossRows.includes(word.value.toUpperCase()) || isTableJoin(words, at);
}

/** Whether a word is the JOIN of two tables; ARRAY JOIN stays within a row. */
function isTableJoin(words: readonly Word[], at: number): boolean {
  return isKeyword(words[at], 'JOIN') && !isKeyword(words[at - 1], 'ARRAY');
}

function renamed(select: string, words: readonly Word[], sharded: readonly Mention[]): string {
  let text = '';
  let from = 0;
  for (const { at, name } of sharded) {
    const word = words[at];
    if (word === undefined) continue;
    text += select.slice(from, word.start) + localTable(name);
    from = word.end;
  }
  return text + select.slice(from);
}

function refuse(select: string, reason: string): ClusterStatementError {
  return new ClusterStatementError({ statement: select, reason });
}
