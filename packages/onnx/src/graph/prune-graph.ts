import type { OnnxGraphParts } from './onnx-parts.ts';

/** Leaves away the nodes and constants that none of the wanted values needs. */
export function pruneGraph(graph: OnnxGraphParts, wanted: readonly string[]): OnnxGraphParts {
  const needed = new Set(wanted);
  const nodes: OnnxGraphParts['nodes'][number][] = [];
  // A node stands after those that it needs, so one walk from the end is enough.
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => output !== '' && needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    nodes.push(node);
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    initializers: graph.initializers.filter(({ name }) => needed.has(name)),
    values: graph.values.filter(({ name }) => needed.has(name)),
  };
}
