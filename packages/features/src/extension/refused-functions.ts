/** Functions that no feature may use, by lower-case name, and what they do. */
const refused: readonly { readonly does: string; readonly names: RegExp }[] = [
  {
    does: 'reads something else than the relations',
    names:
      /^(?:dict.*|joinget.*|file.*|region(?:to|in|hierarchy).*|naivebayesclassifier.*|catboostevaluate|ai(?:classify|embed|extract|generate|translate)|hascolumnintable|showcertificate)$/,
  },
  {
    does: 'tells of the server, the session or its user',
    names:
      /^(?:get(?:setting|serversetting|mergetreesetting|macro|serverport|clienthttpheader|oskernelversion).*|current_?(?:user|database|schemas|roles|profiles|query_?id)|(?:enabled|default)(?:roles|profiles)|user|session_user|authuser|authenticateduser|hostname|fqdn|fullhostname|displayname|database|schema|tcpport|version|chdb|revision|buildid|uptime|zookeepersessionuptime|(?:server)?timezone|serveruuid|shardnum|shardcount|connection_?id|query_?id|initial_?query_?(?:id|start_?time)|transaction(?:id|latestsnapshot|oldestsnapshot))$/,
  },
  {
    does: 'tells the time of the run',
    names:
      /^(?:now.*|parsedatetimebesteffort.*|parsedatetime64besteffort.*|today|yesterday|curdate|current_date|current_timestamp|localtime|localtimestamp|utc_?timestamp)$/,
  },
  {
    does: 'is random',
    names:
      /^(?:rand.*|generate(?:uuid|ulid|snowflake|serial|random).*|datetimetouuidv7|array(?:partial)?shuffle|arrayrandomsample|fuzz(?:bits|query)|obfuscatequery)$/,
  },
  {
    does: 'depends on the order and the blocks in which rows are read',
    names:
      /^(?:rownumberin.*|running(?:difference|accumulate).*|neighbor|block(?:number|size|serializedsize)|lowcardinality(?:keys|indices))$/,
  },
  { does: 'waits', names: /^sleep.*$/ },
];

/**
 * Why a feature may not use a function of ClickHouse; undefined where it may.
 *
 * @param name in any letter case
 * @example
 * whyRefused('NOW'); // 'tells the time of the run'
 */
export function whyRefused(name: string): string | undefined {
  return refused.find(({ names }) => names.test(name.toLowerCase()))?.does;
}

const allowedTableFunctions = ['null', 'numbers', 'zeros', 'values', 'generate_series', 'generateseries'];

/** Whether a feature may use a table function: those that make rows out of nothing. */
export function mayMakeRows(tableFunction: string): boolean {
  return allowedTableFunctions.includes(tableFunction.toLowerCase());
}
