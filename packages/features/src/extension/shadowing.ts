import { unquotedSql } from './plain-sql.ts';

/**
 * Names of the tables and views behind the relations, and of the relation that no group sees. A CTE of such a name in a group's SELECT would stand
 * for it inside the relations as well: the engine looks names up from where a CTE is used.
 */
const BEHIND =
  /\b(?:raw_\w+|published_\w+|hidden_labels|known_labels|entity_addresses|miner_labels|ingestions|served_network)\b/i;

/**
 * The name in a SELECT that is, or could stand for, something behind the relations; undefined where there is none. Quoted names count like others.
 *
 * @param relations names of all relations, which must not be defined anew
 * @example
 * shadowedName('WITH alerts AS (SELECT 1) SELECT * FROM alerts', ['alerts']); // 'alerts'
 */
export function shadowedName(sql: string, relations: readonly string[]): string | undefined {
  const named = unquotedSql(sql);
  const behind = BEHIND.exec(named)?.[0];
  if (behind !== undefined) return behind;
  return relations.find((name) =>
    new RegExp(`\\b${name}\\s*(?:\\([^()]*\\)\\s*)?AS\\s*(?:NOT\\s+)?(?:MATERIALIZED\\s*)?\\(`, 'i').test(
      named,
    ),
  );
}
