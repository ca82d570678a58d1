/** A column name as SQL writes it. */
export function quote(column: string): string {
  return `\`${column.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** A text as SQL writes it. Only for what cannot be bound, such as the arguments of some table functions. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
