/** What strangers may call a feature, a typology or a strategy. */
export const HOSTILE = [
  '<script>window.pwned=1</script>',
  '"><img src=x onerror="window.pwned=1">',
  "'><svg onload='window.pwned=1'>",
  '</text></svg></style></title><iframe src="https://example.com/"></iframe>',
  '<a href="javascript:window.pwned=1">x</a>',
  'x"] || event.view.pwned || datum["y',
  '{{constructor.constructor("return 1")()}} \u202e\u0000 `',
].join(' ');
