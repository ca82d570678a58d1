import type { ClickHouseSettings } from '@clickhouse/client';
import { literal, quote } from '../../sql-text.ts';
import { FileError } from './errors.ts';
import type { FileFormat } from './file-format.ts';

/** A column of a table, in ClickHouse's words. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * The expression that turns a column of a text file, read as `Nullable(String)` (see {@link textStructure}), into the
 * table's type: to exactly what the text says, or with an error of the engine that ends the insert. The engine's own
 * conversions are not enough for that: `accurateCast` makes 1970-01-01 of 2020-13-01, cuts decimals off, wraps
 * numbers around in arrays, and makes NULL of whatever does not fit a Nullable type.
 *
 * - No value (JSON: null or no key; CSV: `\N`, or an empty field) is NULL, or an error where the table wants a value.
 *   An empty CSV field is the empty text in a String column; in a Nullable(String) one only if it is quoted.
 * - Integers as digits. Decimals with as many places as the type has, also as 1.5e3. Floats are rounded to the
 *   nearest, and too large ones are an error.
 * - Bool as true, false, 1 or 0. Enum by name. Date as YYYY-MM-DD.
 * - DateTime as YYYY-MM-DD, alone or with hh:mm:ss after `T` or a space, a fraction, and Z or ±hh:mm; UTC when no
 *   zone is said.
 * - Arrays as JSON, or as ClickHouse writes them: `["a","b"]`, `['a','b']`, `[1,2]`.
 *
 * Send {@link textSettings} along.
 *
 * @param column the table's column
 * @throws {FileError} FILE_FORMAT_UNKNOWN when no text says a value of that type
 * @example
 * textConversion({ name: 'peak_hour', type: 'UInt8' }, 'JSONEachRow'); // "accurateCast(accurateCast(`peak_hour`, 'String'), 'UInt8')"
 */
export function textConversion(column: TableColumn, format: FileFormat): string {
  const { isNullable, type } = unwrap(column.type);
  const value = format === 'CSVWithNames' ? csvValue(column.name, { isNullable, type }) : quote(column.name);
  if (isNullable) {
    const text = `ifNull(${value}, ${literal(anyValue(type))})`;
    return `if(isNull(${value}), NULL, ${convert(column, type, text)})`;
  }
  // Of NULL, this cast makes an error.
  return convert(column, type, `accurateCast(${value}, 'String')`);
}

/**
 * A CSV's value, NULL where there is none. Whatever a server's settings make of \\N, it arrives as text (see {@link
 * textSettings}).
 */
function csvValue(name: string, { isNullable, type }: { isNullable: boolean; type: string }): string {
  const value = `nullIf(${quote(name)}, '\\\\N')`;
  if (!isString(type)) return `nullIf(${value}, '')`;
  return isNullable ? value : `nullIf(ifNull(${quote(name)}, ''), '\\\\N')`;
}

/**
 * Columns of a text file as `file()`, `s3()` and `input()` take them, all of them Nullable(String): a value that is
 * not there is NULL, which is not the empty text.
 *
 * @example
 * textStructure([{ name: 'address' }, { name: 'label' }]); // '`address` Nullable(String), `label` Nullable(String)'
 */
export function textStructure(columns: readonly { readonly name: string }[]): string {
  return columns.map((column) => `${quote(column.name)} Nullable(String)`).join(', ');
}

const common = {
  // A row that cannot be read ends the insert.
  input_format_allow_errors_num: '0',
  input_format_allow_errors_ratio: 0,
  // A column that no expression uses is one that the engine does not know of: it reads only what it is asked for.
  input_format_skip_unknown_fields: 1,
} as const;

/**
 * The settings under which ClickHouse hands the values of a text file to {@link textConversion} as they are written.
 * They state also what is the default today: a server's profile may say otherwise.
 */
export function textSettings(format: FileFormat): ClickHouseSettings {
  switch (format) {
    case 'CSVWithNames':
      return {
        ...common,
        input_format_with_names_use_header: 1,
        format_csv_delimiter: ',',
        format_csv_allow_double_quotes: 1,
        format_csv_allow_single_quotes: 0,
        input_format_csv_trim_whitespaces: 0,
        input_format_csv_allow_variable_number_of_columns: 0,
        input_format_csv_use_default_on_bad_values: 0,
        input_format_csv_skip_trailing_empty_lines: 1,
        // Versions differ in when they take \N for NULL: no file holds this, so \N always arrives as text.
        format_csv_null_representation: '#risk-scoring-null#',
      };
    case 'JSONEachRow':
      return {
        ...common,
        input_format_json_read_numbers_as_strings: 1,
        input_format_json_read_bools_as_strings: 1,
        input_format_json_read_arrays_as_strings: 1,
        input_format_json_read_objects_as_strings: 1,
      };
    case 'Parquet':
      return {};
  }
}

/**
 * `text` (an expression that is never NULL) as `type`. Where a text is refused, '?' is put before it: no conversion
 * takes that.
 */
function convert(column: TableColumn, type: string, text: string): string {
  const bare = inLowCardinality(type);
  const element = /^Array\((.*)\)$/.exec(bare)?.[1];
  if (element !== undefined) return convertArray(column, element, text);
  const cast = (checked: string, to = type) => `accurateCast(${checked}, ${literal(to)})`;
  const only = (condition: string) => cast(`if(${condition}, ${text}, concat('?', ${text}))`);

  if (/^U?Int\d+$/.test(bare) || isString(bare)) return cast(text);
  if (/^Float\d+$/.test(bare)) {
    return only(`NOT (isInfinite(accurateCastOrNull(${text}, '${bare}')) AND match(${text}, '[0-9]'))`);
  }
  if (bare.startsWith('Decimal')) return only(isExactDecimal(text, scaleOf(bare)));
  if (bare === 'Bool')
    return only(`${text} IN ('true', 'false', '1', '0', 'True', 'False', 'TRUE', 'FALSE')`);
  if (bare === 'Date' || bare === 'Date32')
    return only(`toString(accurateCastOrNull(${text}, '${bare}')) = ${text}`);
  if (bare.startsWith('Enum')) return only(`toString(${cast(text, bare)}) = ${text}`);
  if (/^DateTime(\(|$)/.test(bare)) {
    const instant = `parseDateTime64BestEffort(${checkedTime(text, 0)}, 3, 'UTC')`;
    return cast(`accurateCast(intDiv(toUnixTimestamp64Milli(${instant}), 1000), 'UInt32')`);
  }
  const [, places] = /^DateTime64\((\d)/.exec(bare) ?? [];
  if (places !== undefined)
    return cast(`parseDateTime64BestEffort(${checkedTime(text, Number(places))}, ${places}, 'UTC')`);
  throw unknownType(column);
}

/** No more places than `scale`, after the exponent and without zeros at the end. */
function isExactDecimal(text: string, scale: number): string {
  const plain = `match(${text}, '^[+-]?[0-9]+([.][0-9]{0,${scale}}0*)?$')`;
  const scientific = `match(${text}, '^[+-]?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]{1,2}$')`;
  const places = `length(trim(TRAILING '0' FROM extract(${text}, '[.]([0-9]*)[eE]')))`;
  const exponent = `toInt32OrZero(extract(${text}, '[eE](.*)$'))`;
  return `${plain} OR (${scientific} AND ${places} - ${exponent} <= ${scale})`;
}

/**
 * Text that is a time of 1970 to 2199 with no more than these decimal places of a second; else with '?' before it.
 */
function checkedTime(text: string, places: number): string {
  const date = '(19[7-9][0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
  const hours = '([01][0-9]|2[0-3]):[0-5][0-9]';
  const time = `[ T]${hours}:[0-5][0-9]([.][0-9]{0,${places}}0*)?(Z|[+-]${hours})?`;
  return `if(match(${text}, '^${date}(${time})?$'), ${text}, concat('?', ${text}))`;
}

function convertArray(column: TableColumn, element: string, text: string): string {
  if (isString(inLowCardinality(element))) return convertTexts(text, element);
  if (/^(Nullable|Array|Enum)/.test(element)) throw unknownType(column);
  // No value of these types holds a comma, so the text is cut at commas; every number stays as it is written.
  const isList = `startsWith(${text}, '[') AND endsWith(${text}, ']')`;
  const inner = `trim(BOTH ' ' FROM substring(${text}, 2, length(${text}) - 2))`;
  const elements = `multiIf(NOT (${isList}), [concat('?', ${text})], ${inner} = '', emptyArrayString(), splitByChar(',', ${inner}))`;
  const trimmed = `trim(BOTH ' ' FROM element)`;
  const unquoted = `replaceRegexpOne(${trimmed}, '^(?:"([^"]*)"|\\'([^\\']*)\\')$', '\\\\1\\\\2')`;
  return `arrayMap(element -> ${convert(column, element, unquoted)}, ${elements})`;
}

/** Texts in an array: a JSON list of strings, or the same in single quotes with ClickHouse's backslashes. */
function convertTexts(text: string, element: string): string {
  const isJson = `isValidJSON(${text}) AND startsWith(trimLeft(${text}), '[') AND arrayAll(element -> startsWith(element, '"'), JSONExtractArrayRaw(${text}))`;
  const item = `\\'([^\\'\\\\\\\\]|\\\\\\\\[\\'"\\\\\\\\bfnrt0])*\\'`;
  const isQuoted = `match(${text}, '^\\\\[(${item}(, ?${item})*)?\\\\]$')`;
  const written = `multiIf(${isJson}, toString(JSONExtract(${text}, 'Array(String)')), ${isQuoted}, ${text}, concat('?', ${text}))`;
  return `accurateCast(${written}, ${literal(`Array(${element})`)})`;
}

/**
 * A text of which every conversion to the type makes some value; where there is none, it stands in for it, and what
 * comes of it is dropped.
 */
function anyValue(type: string): string {
  const bare = inLowCardinality(type);
  const [, label] = /^Enum\d*\('((?:[^'\\]|\\.)*)'/.exec(bare) ?? [];
  if (label !== undefined) return label.replaceAll(/\\(.)/g, '$1');
  if (bare.startsWith('Array(')) return '[]';
  return bare.startsWith('Date') ? '1970-01-01' : '0';
}

function unwrap(type: string): { isNullable: boolean; type: string } {
  const inner =
    /^Nullable\((.*)\)$/.exec(type)?.[1] ?? /^LowCardinality\(Nullable\((.*)\)\)$/.exec(type)?.[1];
  return { isNullable: inner !== undefined, type: inner ?? type };
}

function inLowCardinality(type: string): string {
  return /^LowCardinality\((.*)\)$/.exec(type)?.[1] ?? type;
}

function isString(type: string): boolean {
  return inLowCardinality(type) === 'String';
}

/** `Decimal(38, 18)` → 18. */
function scaleOf(decimal: string): number {
  return Number(/(\d+)\)$/.exec(decimal)?.[1] ?? 0);
}

function unknownType({ name, type }: TableColumn): FileError {
  return new FileError({
    code: 'FILE_FORMAT_UNKNOWN',
    summary: `The column ${name} cannot be filled from a text file.`,
    expected: 'a column of numbers, texts, dates, times, or arrays of them',
    found: type,
    remedy: 'write the data as Parquet',
  });
}
