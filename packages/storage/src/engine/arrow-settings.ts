import type { ClickHouseSettings } from '@clickhouse/client';

/** Arrow as apache-arrow reads it: uncompressed, text as text, one dictionary-free column each. */
export const arrowSettings: ClickHouseSettings = {
  output_format_arrow_compression_method: 'none',
  output_format_arrow_string_as_string: 1,
  output_format_arrow_low_cardinality_as_dictionary: 0,
};
