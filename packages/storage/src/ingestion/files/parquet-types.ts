import type { ConvertedType, LogicalType, SchemaElement, SchemaTree } from 'hyparquet';

/**
 * The type that ClickHouse gives to a column of a Parquet file. A group gets only 'Tuple' or 'Map', and a column
 * whose parts contradict each other `Unknown(…)`: no column of a table is of such a type, so they are refused by name
 * when they are compared.
 *
 * Source: `DESCRIBE TABLE file(…, 'Parquet')` of ClickHouse 26.7 over every case (see the tests); parquet-format,
 * LogicalTypes.md.
 *
 * @example
 * parquetColumnType(parquetSchema(metadata).children[0]); // "Nullable(DateTime64(3, 'UTC'))"
 */
export function parquetColumnType(column: SchemaTree): string {
  const type = typeOfOne(column);
  return column.element.repetition_type === 'REPEATED' ? `Array(${type})` : type;
}

/** The type without regard to being repeated. */
function typeOfOne({ element, children }: SchemaTree): string {
  const annotation = element.logical_type?.type ?? element.converted_type;
  if (element.type !== undefined) {
    const type = scalarType(element);
    const isNullable = element.repetition_type === 'OPTIONAL' && !type.startsWith('Unknown(');
    return isNullable ? `Nullable(${type})` : type;
  }
  if (annotation === 'MAP' || annotation === 'MAP_KEY_VALUE') return 'Map';
  const [repeated] = children;
  if (annotation !== 'LIST' || repeated?.element.repetition_type !== 'REPEATED') return 'Tuple';
  // LogicalTypes.md, "Lists": three levels, or two as older writers made them.
  if (repeated.children.length === 0) return parquetColumnType(repeated);
  const [item] = repeated.children;
  return `Array(${item === undefined || repeated.children.length > 1 ? 'Tuple' : parquetColumnType(item)})`;
}

function scalarType(element: SchemaElement): string {
  const type = byPhysicalType(element, annotationOf(element));
  if (type !== undefined) return type;
  const annotation = element.logical_type?.type ?? element.converted_type;
  return `Unknown(${[element.type, annotation].filter(Boolean).join(' as ')})`;
}

/** Undefined where the annotation cannot be one of that physical type. */
function byPhysicalType(element: SchemaElement, annotation: LogicalType | undefined): string | undefined {
  switch (element.type) {
    case 'INT32':
      return integerType(annotation, 32);
    case 'INT64':
      return integerType(annotation, 64);
    case 'BYTE_ARRAY':
      return byteArrayType(annotation);
    case 'FIXED_LEN_BYTE_ARRAY':
      return fixedType(annotation, element.type_length ?? 0);
    case undefined:
      return undefined;
    default:
      return annotation === undefined || annotation.type === 'NULL' ? plainTypes[element.type] : undefined;
  }
}

const plainTypes = {
  BOOLEAN: 'Bool',
  INT96: "DateTime64(9, 'UTC')",
  FLOAT: 'Float32',
  DOUBLE: 'Float64',
} as const;

function integerType(annotation: LogicalType | undefined, bits: 32 | 64): string | undefined {
  switch (annotation?.type) {
    case undefined:
    case 'NULL':
      return `Int${bits}`;
    case 'INTEGER':
      return `${annotation.isSigned ? '' : 'U'}Int${Math.min(annotation.bitWidth, bits)}`;
    case 'DECIMAL':
      return decimalType(annotation, bits === 32 ? 9 : 18);
    case 'DATE':
      return bits === 32 ? 'Date32' : undefined;
    case 'TIME':
    case 'TIMESTAMP':
      return `DateTime64(${{ MILLIS: 3, MICROS: 6, NANOS: 9 }[annotation.unit]}, 'UTC')`;
    default:
      return undefined;
  }
}

function byteArrayType(annotation: LogicalType | undefined): string | undefined {
  switch (annotation?.type) {
    case undefined:
    case 'NULL':
    case 'STRING':
    case 'ENUM':
    case 'BSON':
      return 'String';
    case 'JSON':
      return 'JSON';
    case 'DECIMAL':
      return decimalType(annotation, 76);
    default:
      return undefined;
  }
}

function fixedType(annotation: LogicalType | undefined, width: number): string | undefined {
  switch (annotation?.type) {
    case undefined:
    case 'NULL':
    case 'STRING':
    case 'ENUM':
    case 'BSON':
    case 'JSON':
      return width > 0 ? `FixedString(${width})` : undefined;
    case 'UUID':
      return width === 16 ? 'UUID' : undefined;
    case 'FLOAT16':
      return width === 2 ? 'Float32' : undefined;
    case 'DECIMAL':
      return decimalType(annotation, 76);
    default:
      return undefined;
  }
}

function decimalType(
  { precision, scale }: { readonly precision: number; readonly scale: number },
  maxPrecision: number,
): string | undefined {
  const isPossible = precision >= 1 && precision <= maxPrecision && scale >= 0 && scale <= precision;
  return isPossible ? `Decimal(${precision}, ${scale})` : undefined;
}

/** The annotation, whichever of the two ways a writer states it. */
function annotationOf({
  logical_type,
  converted_type,
  precision,
  scale,
}: SchemaElement): LogicalType | undefined {
  // A logical type that hyparquet does not know has no name.
  if (logical_type?.type !== undefined) return logical_type;
  if (converted_type === 'DECIMAL') return { type: 'DECIMAL', precision: precision ?? 0, scale: scale ?? 0 };
  return converted_type === undefined ? undefined : convertedTypes[converted_type];
}

const utc = { isAdjustedToUTC: true } as const;
// INTERVAL is not among them: the engine gives it no meaning.
const convertedTypes: Readonly<Partial<Record<ConvertedType, LogicalType>>> = {
  UTF8: { type: 'STRING' },
  ENUM: { type: 'ENUM' },
  JSON: { type: 'JSON' },
  BSON: { type: 'BSON' },
  DATE: { type: 'DATE' },
  TIME_MILLIS: { type: 'TIME', unit: 'MILLIS', ...utc },
  TIME_MICROS: { type: 'TIME', unit: 'MICROS', ...utc },
  TIMESTAMP_MILLIS: { type: 'TIMESTAMP', unit: 'MILLIS', ...utc },
  TIMESTAMP_MICROS: { type: 'TIMESTAMP', unit: 'MICROS', ...utc },
  UINT_8: { type: 'INTEGER', bitWidth: 8, isSigned: false },
  UINT_16: { type: 'INTEGER', bitWidth: 16, isSigned: false },
  UINT_32: { type: 'INTEGER', bitWidth: 32, isSigned: false },
  UINT_64: { type: 'INTEGER', bitWidth: 64, isSigned: false },
  INT_8: { type: 'INTEGER', bitWidth: 8, isSigned: true },
  INT_16: { type: 'INTEGER', bitWidth: 16, isSigned: true },
  INT_32: { type: 'INTEGER', bitWidth: 32, isSigned: true },
  INT_64: { type: 'INTEGER', bitWidth: 64, isSigned: true },
};
